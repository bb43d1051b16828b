import FoveaCore

/// A file that is to be decoded.
struct PictureFile {
  private let reader: FileReader
  private let path: FilePath

  init(_ path: FilePath) throws(ImageError) {
    self.path = path
    do throws(FileError) { reader = try FileReader(path) } catch { throw Self.imageError(error) }
    guard reader.count <= Int32.max else {
      throw .unreadable(path: path.description, reason: "it is larger than 2 GiB")
    }
  }

  /// In bytes.
  var count: Int { reader.count }

  func read() throws(ImageError) -> [UInt8] {
    do throws(FileError) { return try reader.read(at: 0, count: reader.count) } catch { throw Self.imageError(error) }
  }

  func tooLarge(for budget: DecodingBudget) -> ImageError {
    .unreadable(
      path: path.description,
      reason: "it takes \(Self.megabytes(count)), more than the limit of \(Self.megabytes(budget.bytes)) for decoding "
        + "(--max-memory)")
  }

  static func megabytes(_ bytes: Int) -> String { "\((bytes + 999_999) / 1_000_000) MB" }

  private static func imageError(_ error: FileError) -> ImageError {
    switch error {
    case .unreadable(let path, let reason), .unwritable(let path, let reason): .unreadable(path: path, reason: reason)
    }
  }
}
