public import FoveaCore
import FoveaImage

/// What can go wrong with a data set.
public enum DataError: FoveaError, Equatable {
  /// The file or folder cannot be opened or read.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// The folder holds no data set of the part asked for.
  case noDataset(path: String, part: String, expected: String, got: String)

  // IDX files.
  /// The first bytes are not those of an IDX file.
  case notIDX(path: String, got: String)
  /// The file ends before all that its header promises.
  case truncated(path: String, expected: Int, got: Int)
  /// Bytes follow after all that the header promises.
  case trailingBytes(path: String, expected: Int)
  /// Gzip data that do not unpack.
  case damagedCompression(path: String, reason: String)
  /// The header promises more than memory or disk can hold.
  case tooLarge(path: String, dimensions: [Int], limit: Int)
  /// The array is of another rank or type than its role needs.
  case unsuitableArray(path: String, expected: String, got: String)
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)
  case invalidLabel(path: String, index: Int, expected: String, got: Int)
  case labelNames(path: String, expected: String, got: String)

  // Manifests.
  /// What a CSV file must hold in a place, and does not; `column` is nil for what is wrong with a whole line.
  case manifest(path: String, line: Int, column: String?, expected: String, got: String)

  // Class folders.
  case emptyClass(path: String, expected: String, got: String?)
  /// The folder can be read in more than one way; see ``FolderLayout``.
  case ambiguousFolder(path: String, found: String, advice: String)
  /// All images lie below one folder, `inner`, whose folders are likely to be the classes or parts.
  case folderTooHigh(path: String, inner: String, folders: String)

  // Views and batches.
  case empty(name: String, reason: String)
  case invalidSetting(name: String, expected: String, got: String)
  /// A class that the model does not know.
  case unknownClass(name: String, label: String, known: [String])
  /// A number that the model puts out, and that the data does not have.
  case missingNumber(name: String, number: String, known: [String])
  /// What is learned from other data, and this data does not give.
  case missingTarget(name: String, target: String, known: [String])
  /// A preprocessing step cannot work, whatever the picture.
  case preprocessing(ImageError)
  /// Images of a data set that cannot be used: how many of how many, and what is wrong with the first.
  case unusableImages(name: String, count: Int, of: Int, first: [String])
  /// One example's picture failed.
  case image(identifier: String, error: ImageError)
  /// The augmentation failed on one example.
  case augmentation(identifier: String, message: String)
  /// Pictures of several shapes cannot make a batch.
  case shape(identifier: String, expected: Shape, got: Shape)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path)': \(reason)"
    case .noDataset(let path, let part, let expected, let got):
      "'\(path)' holds no \(part) data: expected \(expected), but found \(got)"
    case .notIDX(let path, let got):
      "'\(path)' is no IDX file: it must start with 00 00, a type code and a rank (plain or gzipped), but starts with "
        + "\(got); was the download an error page?"
    case .truncated(let path, let expected, let got):
      "'\(path)' is cut short: \(expected.counted("byte was", "bytes were")) expected, but \(got.counted("is", "are")) there; get the file again"
    case .trailingBytes(let path, let expected):
      "'\(path)' goes on after the \(expected.counted("byte")) that its header promises; the header or the file is damaged"
    case .damagedCompression(let path, let reason):
      "'\(path)' cannot be unpacked: \(reason); get the file again"
    case .tooLarge(let path, let dimensions, let limit):
      "'\(path)' promises an array of \(dimensions), which is more than the \(limit) bytes that it may take; "
        + "the header is damaged, or the file must be split"
    case .unsuitableArray(let path, let expected, let got): "'\(path)' must hold \(expected), but holds \(got)"
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "'\(images)' has \(imageCount.counted("image")), but '\(labels)' has \(labelCount.counted("label")); the two must belong together"
    case .invalidLabel(let path, let index, let expected, let got):
      "'\(path)': label \(index) must be \(expected), but is \(got)"
    case .labelNames(let path, let expected, let got): "'\(path)' must hold \(expected), but holds \(got)"
    case .manifest(let path, let line, let column, let expected, let got):
      "'\(path)', line \(line)\(column.map { ", column '\(FileName.printable($0))'" } ?? ""): expected \(expected), but found "
        + FileName.printable(got)
    case .emptyClass(let path, let expected, let got):
      "the class folder '\(path)' holds no image (\(expected))\(got.map { ", but \($0)" } ?? ""); add some, or remove the "
        + "folder"
    case .ambiguousFolder(let path, let found, let advice): "'\(path)': \(found); \(advice)"
    case .folderTooHigh(let path, let inner, let folders):
      "'\(path)' holds images in one folder only, '\(inner)', whose folders are \(folders); did you mean '\(inner)'?"
    case .empty(let name, let reason): "\(name) is empty: \(reason)"
    case .invalidSetting(let name, let expected, let got): "'\(name)' must be \(expected), but is \(got)"
    case .unknownClass(let name, let label, let known):
      "\(name) has the class '\(label)', which is not among the classes that the network learns"
        + ((Int(label) == nil ? Spelling.nearest(to: label, among: known) : nil).map { "; did you mean '\($0)'?" }
          ?? ";")
        + " Known: \(Self.list(known, most: 40))"
    case .missingNumber(let name, let number, let known):
      "\(name) has no number '\(number)', which the network puts out; it has \(Self.list(known, most: 40))"
    case .missingTarget(let name, let target, let known):
      "\(name) does not give \(target), as the training data does; it gives \(known.joined(separator: ", "))"
    case .preprocessing(let error): error.description
    case .unusableImages(let name, let count, let total, let first):
      "\(count) of \(total.counted("image")) of \(name) cannot be used:\n"
        + first.map { "  \($0)\n" }.joined() + (count > first.count ? "  and \(count - first.count) more\n" : "")
        + (count == total
          ? "none is left; mend them, or give others"
          : "mend or remove them, or have them left out (--unreadable skip)")
    case .image(let identifier, let error): Self.describe(error, of: identifier)
    case .augmentation(let identifier, let message): "'\(identifier)': the augmentation failed: \(message)"
    case .shape(let identifier, let expected, let got):
      "'\(identifier)' is \(got) after preprocessing, but the images before it are \(expected) (channels, height, "
        + "width); add a resizing or color step to the preprocessing"
    }
  }

  /// Of many images that cannot be used, so many are named.
  public static let mostListed = 10

  // A decoder's error already names its file.
  private static func describe(_ error: ImageError, of identifier: String) -> String {
    let description = error.description
    return description.contains(identifier) ? description : "'\(identifier)': \(description)"
  }
}
