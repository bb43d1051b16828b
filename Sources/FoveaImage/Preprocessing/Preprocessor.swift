public import FoveaCore

/// The way from a picture to a network's input: decoding, the steps in order, and a check of what comes out.
///
/// Where the last steps only change values, a table does for bytes what the steps would do, bit for bit.
public struct Preprocessor: Sendable {
  public let steps: [any PreprocessingStep]
  /// `[channels, height, width]`: what the network takes.
  public let outputShape: Shape
  /// The decoder that goes with the steps.
  public let decoder: ImageDecoder
  // Where in the steps a picture of bytes in the output's shape needs only a look into a table.
  private let tables: [Int: ValueTable]
  // A table is proved on a picture of noise, which must not take longer than it saves.
  private static let mostTabledValues = 1 << 22

  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  public init(
    _ steps: [any PreprocessingStep], outputShape: Shape, limits: DecodingLimits = DecodingLimits()
  ) throws(ImageError) {
    for step in steps { try step.validate() }
    self.steps = steps
    self.outputShape = outputShape
    decoder = ImageDecoder(for: steps, limits: limits)
    // A step that changes more than values shows it on shapes that no network has.
    let cut = (steps.lastIndex { !$0.isPointwise(on: [1, 61, 37]) || !$0.isPointwise(on: [3, 41, 67]) } ?? -1) + 1
    var tables: [Int: ValueTable] = [:]
    for start in Set([0, cut]) where outputShape.count <= Self.mostTabledValues {
      tables[start] = ValueTable(Array(steps[start...]), on: outputShape)
    }
    self.tables = tables
  }

  /// Writes the network's input for one picture, `channels × height × width` values.
  ///
  /// - Throws: ``ImageError`` where a step refuses the picture, what comes out has another shape than the network takes, or
  ///   is no finite number.
  public func write(_ picture: Image, into target: UnsafeMutableBufferPointer<Float>) throws(ImageError) {
    var image = picture
    for (index, step) in steps.enumerated() {
      if writeFromTable(image, index, target) { return }
      image = try step.apply(image)
    }
    if writeFromTable(image, steps.count, target) { return }
    guard image.shape == outputShape, target.count == outputShape.count else { throw mismatch(picture, image) }
    image.writePlanar(into: target)
    try steps.checkNumbers(target, of: picture)
  }

  /// The network's input as a picture: for looking at it.
  ///
  /// - Throws: as ``write(_:into:)``.
  public func apply(_ picture: Image) throws(ImageError) -> Image {
    var image = picture
    for step in steps { image = try step.apply(image) }
    guard image.shape == outputShape else { throw mismatch(picture, image) }
    return image
  }

  private func writeFromTable(
    _ image: Image, _ index: Int, _ target: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    guard let table = tables[index], image.shape == outputShape, target.count == outputShape.count,
      case .bytes(let bytes) = image.pixels
    else { return false }
    bytes.withUnsafeBufferPointer { table.write($0, into: target) }
    return true
  }

  private func mismatch(_ picture: Image, _ result: Image) -> ImageError {
    let steps = steps.isEmpty ? "none" : steps.map { type(of: $0).kind }.joined(separator: ", ")
    return .invalidInput(
      kind: "preprocessing", expected: "\(outputShape) (channels, height, width) for the model's input",
      got: "\(result.shape) from a picture of \(picture.shape); the steps are: \(steps); add a size or color step")
  }
}
