public import FoveaCore
public import FoveaImage

/// Pictures and labels from a pair of IDX files, such as MNIST's.
///
/// Pictures are gray, `[count, height, width]`, or interleaved colors, `[count, height, width, 3]`. A file with the
/// classes' names, `labels.txt`, one name a line, may lie beside them. Without it the classes are the numbers that occur as
/// labels, and are called by them; those of Fashion-MNIST, which is told by its labels, have its names.
public struct IDXDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  public let remarks: [DataRemark]
  private let images: IDXFile
  private let targets: [UInt16]
  private let shape: Shape

  /// Fashion-MNIST's classes.
  public static var fashionLabels: [String] { KnownClasses.fashion }

  /// The part of the data set in `folder`.
  ///
  /// - Throws: ``DataError/noDataset(path:part:expected:got:)`` where its files are missing; others where they are
  ///   damaged or do not belong together.
  public init(
    folder: String, part: DatasetPart, memoryLimit: Int = IDXFile.defaultMemoryLimit
  ) throws(DataError) {
    let files = try IDXFolder(folder).files(of: part)
    // Whether names start with label 0 or 1 is to be seen from all parts.
    var span: IDXLabels.Span?
    if files.names != nil {
      for path in files.otherLabels {
        guard let other = IDXLabels.span(of: try IDXLabels.read(try IDXFile(path: path))) else { continue }
        span = min(span?.lowerBound ?? .max, other.lowerBound)...max(span?.upperBound ?? 0, other.upperBound)
      }
    }
    try self.init(files.images, files.labels, files.names, span, memoryLimit)
  }

  /// The pictures of one file with the labels of another.
  ///
  /// - Parameter names: the classes' names, in the order of their numbers, which start at 0, or at 1 where the labels are
  ///   1…number of names; nil calls them by these numbers.
  public init(
    images imagePath: String, labels labelPath: String, names: [String]? = nil,
    memoryLimit: Int = IDXFile.defaultMemoryLimit
  ) throws(DataError) {
    try self.init(imagePath, labelPath, names, nil, memoryLimit)
  }

  private init(
    _ imagePath: String, _ labelPath: String, _ names: [String]?, _ span: IDXLabels.Span?, _ memoryLimit: Int
  ) throws(DataError) {
    let labelFile = try IDXFile(path: labelPath, memoryLimit: memoryLimit)
    let imageFile = try IDXFile(path: imagePath, memoryLimit: memoryLimit)
    shape = try Self.pictureShape(of: imageFile)
    let labels = try IDXLabels(labelFile, names: names, span: span)
    guard imageFile.count == labelFile.count else {
      throw .countMismatch(
        images: imagePath, imageCount: imageFile.count, labels: labelPath, labelCount: labelFile.count)
    }
    guard imageFile.count > 0 else { throw .empty(name: "'\(imagePath)'", reason: "its header promises no image") }
    targets = labels.targets
    self.labels = labels.names
    remarks = labels.remarks
    images = imageFile
    name = imagePath
  }

  public var count: Int { images.count }

  public func target(at index: Int) -> Int { Int(targets[index]) }

  public func identifier(at index: Int) -> String { "\(name)#\(index)" }

  public var byteShape: Shape? { images.element == .unsignedByte ? shape : nil }

  public func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    try images.copyItems(index..<index + 1, into: UnsafeMutableRawBufferPointer(target))
  }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    let pixels: Image.Pixels =
      if images.element == .unsignedByte {
        .bytes(try images.bytes(of: index..<index + 1))
      } else {
        .floats(try images.numbers(of: index..<index + 1).map { Float($0) })
      }
    do throws(ImageError) {
      return try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: pixels)
    } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }

  private static func pictureShape(of file: IDXFile) throws(DataError) -> Shape {
    let extents = file.itemDimensions
    let channels = extents.count == 3 ? extents[2] : 1
    guard (2...3).contains(extents.count), channels == 1 || channels == 3, extents.allSatisfy({ $0 > 0 }) else {
      throw .unsuitableArray(
        path: file.path, expected: "images: dimensions [count, height, width] or [count, height, width, 3]",
        got: "an array of dimensions \(file.dimensions)")
    }
    return [channels, extents[0], extents[1]]
  }
}
