public import FoveaCore
public import FoveaImage

/// Pictures in memory, with a class for each.
public struct ArrayDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  private let images: [Image]
  private let targets: [Int]

  /// - Parameters:
  ///   - targets: for each picture, the number of its class, from 0.
  ///   - labels: the classes' names; nil calls them by their numbers, up to the largest.
  /// - Throws: ``DataError`` where there are no pictures, not as many of one as of the other, or a number of no class.
  public init(
    _ images: [Image], targets: [Int], labels: [String]? = nil, name: String = "the images in memory"
  ) throws(DataError) {
    guard images.count == targets.count else {
      throw .countMismatch(
        images: name, imageCount: images.count, labels: "their labels", labelCount: targets.count)
    }
    guard !images.isEmpty else { throw .empty(name: name, reason: "there is no image") }
    let classes = labels?.count ?? max(0, targets.max() ?? 0) + 1
    for (index, target) in targets.enumerated() where !(0..<classes).contains(target) {
      throw .invalidLabel(
        path: name, index: index, expected: "0 to \(classes - 1), one of \(classes) classes", got: target)
    }
    self.name = name
    self.images = images
    self.targets = targets
    self.labels = labels ?? (0..<classes).map(String.init)
  }

  /// Examples as a network sees them: a tensor `[count, channels, height, width]`.
  ///
  /// - Throws: ``DataError`` as above, and for a tensor of another rank.
  public init(
    _ inputs: Tensor, targets: [Int], labels: [String]? = nil, name: String = "the tensor"
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

  public var count: Int { images.count }

  public func target(at index: Int) -> Int { targets[index] }

  public func identifier(at index: Int) -> String { "\(name)#\(index)" }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image { images[index] }
}
