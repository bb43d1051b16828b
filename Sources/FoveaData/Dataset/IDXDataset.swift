public import FoveaCore
public import FoveaImage

/// Pictures and labels from a pair of IDX files, such as MNIST's.
///
/// Pictures are gray, `[count, height, width]`, or interleaved colors, `[count, height, width, 3]`. A file with the
/// classes' names, `labels.txt`, one name a line, may lie beside them, or EMNIST's `…-mapping.txt`. Without it the classes are the numbers that occur as
/// labels, and are called by them; those of Fashion-MNIST, which is told by its labels, have its names.
public struct IDXDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  public let remarks: [DataRemark]
  private let images: IDXFile
  private let targets: [UInt16]
  private let shape: Shape
  private let isTransposed: Bool

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
    do {
      try self.init(files.images, files.labels, files.names, files.mapping, span, files.areTransposed, memoryLimit)
    } catch {
      guard files.names != nil, case .invalidLabel(let path, let index, let expected, let got) = error else {
        throw error
      }
      throw .invalidLabel(
        path: path, index: index, expected: "\(expected), which '\(folder)/\(LabelFile.name)' names", got: got)
    }
  }

  /// The pictures of one file with the labels of another.
  ///
  /// - Parameters:
  ///   - names: the classes' names, in the order of their numbers, which start at 0, or at 1 where the labels are
  ///     1…number of names; nil calls them by these numbers.
  ///   - isTransposed: whether pictures are stored column by column, as those of EMNIST are; they are turned upright.
  public init(
    images imagePath: String, labels labelPath: String, names: [String]? = nil, isTransposed: Bool = false,
    memoryLimit: Int = IDXFile.defaultMemoryLimit
  ) throws(DataError) {
    try self.init(imagePath, labelPath, names, nil, nil, isTransposed, memoryLimit)
  }

  private init(
    _ imagePath: String, _ labelPath: String, _ names: [String]?, _ mapping: LabelMapping?, _ span: IDXLabels.Span?,
    _ isTransposed: Bool, _ memoryLimit: Int
  ) throws(DataError) {
    let labelFile = try IDXFile(path: labelPath, memoryLimit: memoryLimit)
    let imageFile = try IDXFile(path: imagePath, memoryLimit: memoryLimit)
    shape = try Self.pictureShape(of: imageFile)
    let labels =
      if let mapping { try IDXLabels(labelFile, mapping) } else {
        try IDXLabels(labelFile, names: names, span: span)
      }
    guard imageFile.count == labelFile.count else {
      throw .countMismatch(
        images: imagePath, imageCount: imageFile.count, labels: labelPath, labelCount: labelFile.count)
    }
    guard imageFile.count > 0 else { throw .empty(name: "'\(imagePath)'", reason: "its header promises no image") }
    targets = labels.targets
    self.labels = labels.names
    self.isTransposed = isTransposed && shape[1] == shape[2]
    let remark = "\(imagePath): its images are stored column by column, as EMNIST's are, and are turned upright"
    remarks = labels.remarks + (self.isTransposed ? [DataRemark(remark)] : [])
    images = imageFile
    name = imagePath
  }

  public var count: Int { images.count }

  public func target(at index: Int) -> Int { Int(targets[index]) }

  public func identifier(at index: Int) -> String { "\(name)#\(index)" }

  public var byteShape: Shape? { images.element == .unsignedByte ? shape : nil }

  public func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    try images.copyItems(index..<index + 1, into: UnsafeMutableRawBufferPointer(target))
    if isTransposed { transpose(target) }
  }

  /// Exchanges rows and columns, which are as many.
  private func transpose<Value>(_ values: UnsafeMutableBufferPointer<Value>) {
    let (side, channels) = (shape[1], shape[0])
    for row in 0..<side {
      for column in 0..<row {
        for channel in 0..<channels {
          values.swapAt((row * side + column) * channels + channel, (column * side + row) * channels + channel)
        }
      }
    }
  }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    let pixels: Image.Pixels
    if images.element == .unsignedByte {
      var bytes = try images.bytes(of: index..<index + 1)
      if isTransposed { bytes.withUnsafeMutableBufferPointer { transpose($0) } }
      pixels = .bytes(bytes)
    } else {
      var floats = try images.numbers(of: index..<index + 1).map { Float($0) }
      if isTransposed { floats.withUnsafeMutableBufferPointer { transpose($0) } }
      pixels = .floats(floats)
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
