public import FoveaCore
public import FoveaImage

/// Pictures and labels from a pair of IDX files, such as MNIST's.
///
/// Pictures are gray, `[count, height, width]`, or interleaved colors, `[count, height, width, 3]`. A file with the
/// classes' names, `labels.txt`, one name a line, may lie beside them. Without it the classes are called by their
/// numbers, except in a folder whose name contains `fashion`, where they are Fashion-MNIST's.
public struct IDXDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  private let images: IDXFile
  private let targets: [UInt16]
  private let shape: Shape

  /// Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", 2017, table 2.
  public static let fashionLabels = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// The part of the data set in `folder`.
  ///
  /// - Throws: ``DataError/noDataset(path:part:expected:got:)`` where its files are missing; others where they are
  ///   damaged or do not belong together.
  public init(
    folder: String, part: DatasetPart, memoryLimit: Int = IDXFile.defaultMemoryLimit
  ) throws(DataError) {
    let files = try IDXFolder(folder).files(of: part)
    try self.init(images: files.images, labels: files.labels, names: files.names, memoryLimit: memoryLimit)
  }

  /// The pictures of one file with the labels of another.
  ///
  /// - Parameter names: the classes' names, in the order of their numbers; nil calls them by these numbers.
  public init(
    images imagePath: String, labels labelPath: String, names: [String]? = nil,
    memoryLimit: Int = IDXFile.defaultMemoryLimit
  ) throws(DataError) {
    let labelFile = try IDXFile(path: labelPath, memoryLimit: memoryLimit)
    let imageFile = try IDXFile(path: imagePath, memoryLimit: memoryLimit)
    shape = try Self.pictureShape(of: imageFile)
    guard labelFile.dimensions.count == 1, labelFile.element.isInteger else {
      throw .unsuitableArray(
        path: labelPath, expected: "one integer for each image",
        got: "\(labelFile.element) elements of dimensions \(labelFile.dimensions)")
    }
    guard imageFile.count == labelFile.count else {
      throw .countMismatch(
        images: imagePath, imageCount: imageFile.count, labels: labelPath, labelCount: labelFile.count)
    }
    guard imageFile.count > 0 else { throw .empty(name: "'\(imagePath)'", reason: "its header promises no image") }
    targets = try Self.targets(in: labelFile, classes: names?.count)
    labels = names ?? (0..<max(10, Int(targets.max() ?? 0) + 1)).map(String.init)
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

  private static func targets(in file: IDXFile, classes: Int?) throws(DataError) -> [UInt16] {
    // Sixteen bits: more classes than anybody has, and no way for one wild label to make millions.
    let classes = min(classes ?? Int(UInt16.max), Int(UInt16.max))
    var targets: [UInt16] = []
    targets.reserveCapacity(file.count)
    // In pieces, for as numbers they take four times the memory.
    for start in stride(from: 0, to: file.count, by: 1 << 16) {
      for number in try file.numbers(of: start..<min(start + 1 << 16, file.count)) {
        guard (0..<Double(classes)).contains(number) else {
          throw .invalidLabel(
            path: file.path, index: targets.count, expected: "0 to \(classes - 1), one of \(classes) classes",
            got: Int(number))
        }
        targets.append(UInt16(number))
      }
    }
    return targets
  }
}
