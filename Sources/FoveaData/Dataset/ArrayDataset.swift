public import FoveaCore
public import FoveaImage

/// Pictures in memory, with what is right for each.
public struct ArrayDataset: ExampleSource {
  public let name: String
  public let targetDescriptions: [TargetDescription]
  private let images: [Image]
  private let targets: Targets

  /// - Parameters:
  ///   - targets: what is right for each picture, such as the number of its class, from 0.
  ///   - labels: the names of the classes, labels or numbers; nil calls them by their numbers, up to the largest.
  /// - Throws: ``DataError`` where there are no pictures, not as many of one as of the other, or a number of no class.
  public init(
    _ images: [Image], targets: Targets, labels: [String]? = nil, name: String = "the images in memory"
  ) throws(DataError) {
    guard images.count == targets.count else {
      throw .countMismatch(
        images: name, imageCount: images.count, labels: "their labels", labelCount: targets.count)
    }
    guard !images.isEmpty else { throw .empty(name: name, reason: "there is no image") }
    let count = labels?.count ?? targets.labelCount
    if let classes = targets.classes {
      for (index, target) in classes.enumerated() where !(0..<count).contains(target) {
        throw .invalidLabel(
          path: name, index: index, expected: "0 to \(count - 1), one of \(count) classes", got: target)
      }
    } else if let width = targets.width, width != count {
      throw .countMismatch(images: name, imageCount: count, labels: "each of their targets", labelCount: width)
    }
    self.name = name
    self.images = images
    self.targets = targets
    targetDescriptions = [
      TargetDescription(kind: targets.kind, labels: labels ?? (0..<count).map(String.init))
    ]
  }

  /// The same with the number of each picture's class.
  public init(
    _ images: [Image], targets: [Int], labels: [String]? = nil, name: String = "the images in memory"
  ) throws(DataError) {
    try self.init(images, targets: Targets(targets), labels: labels, name: name)
  }

  /// Examples as a network sees them: a tensor `[count, channels, height, width]`.
  ///
  /// - Throws: ``DataError`` as above, and for a tensor of another rank.
  public init(
    _ inputs: Tensor, targets: Targets, labels: [String]? = nil, name: String = "the tensor"
  ) throws(DataError) {
    guard inputs.shape.rank == 4, inputs.shape.count > 0 else {
      throw .unsuitableArray(
        path: name, expected: "images: dimensions [count, channels, height, width]",
        got: "an array of dimensions \(inputs.shape)")
    }
    let (channels, height, width) = (inputs.shape[1], inputs.shape[2], inputs.shape[3])
    let (area, count) = (height * width, channels * height * width)
    var images: [Image] = []
    let elements = inputs.elements
    do throws(ImageError) {
      for example in 0..<inputs.shape[0] {
        // From channel by channel to pixel by pixel.
        let pixels = (0..<count).map { elements[example * count + $0 % channels * area + $0 / channels] }
        images.append(try Image(width: width, height: height, channels: channels, pixels: .floats(pixels)))
      }
    } catch { throw .image(identifier: name, error: error) }
    try self.init(images, targets: targets, labels: labels, name: name)
  }

  /// The same with the number of each example's class.
  public init(
    _ inputs: Tensor, targets: [Int], labels: [String]? = nil, name: String = "the tensor"
  ) throws(DataError) {
    try self.init(inputs, targets: Targets(targets), labels: labels, name: name)
  }

  public var count: Int { images.count }

  public func targets(_ target: Int, of examples: [Int]) -> Targets { targets.chosen(examples) }

  public func identifier(at index: Int) -> String { "\(name)#\(index)" }

  public func image(at index: Int, picture: Int, decoder: ImageDecoder) throws(DataError) -> Image { images[index] }
}
