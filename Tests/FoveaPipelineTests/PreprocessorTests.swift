import FoveaCore
import FoveaImage
import Testing

@Suite struct PreprocessorTests {
  static let steps: [any PreprocessingStep] = [
    ToGrayscale(), Resize(width: 7, height: 5), Invert(), Scale(), Normalize(mean: [0.1307], deviation: [0.3081]),
  ]

  private func noise(_ shape: Shape) throws -> Image {
    var random = SeededRandom(seed: 7)
    let bytes = (0..<shape.count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: .bytes(bytes))
  }

  /// Whether a picture enters before, in the middle or at the end of the steps, tables give what the steps give.
  @Test(arguments: [[1, 5, 7], [3, 5, 7], [3, 31, 22], [1, 11, 13]] as [Shape])
  func tablesGiveWhatTheStepsGive(shape: Shape) throws {
    let image = try noise(shape)
    let preprocessor = try Preprocessor(Self.steps, outputShape: [1, 5, 7])
    var expected = image
    for step in Self.steps { expected = try step.apply(expected) }
    var written = Tensor(repeating: .nan, [35])
    try written.withUnsafeMutableFloats { target throws(ImageError) in try preprocessor.write(image, into: target) }
    #expect(written.elements.map(\.bitPattern) == expected.floats.map(\.bitPattern))
    #expect(try preprocessor.apply(image) == expected)
  }

  @Test func stepsAreValidated() {
    #expect(throws: ImageError.self) { try Preprocessor([Resize(width: 0, height: 3)], outputShape: [1, 3, 3]) }
  }
}
