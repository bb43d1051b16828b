import FoveaCore
import FoveaImage
import Testing

@Suite struct PreprocessorTests {
  /// 1 / x: no finite number for black.
  private struct Reciprocal: PreprocessingStep, Configurable {
    static let kind = "reciprocal"

    func apply(_ image: Image) throws(ImageError) -> Image {
      try Image(
        width: image.width, height: image.height, channels: image.channels, pixels: .floats(image.floats.map { 1 / $0 })
      )
    }

    func isPointwise(on shape: Shape) -> Bool { true }
  }

  @Test func aStepThatMakesNoNumbersIsNamed() throws {
    let steps: [any PreprocessingStep] = [Scale(), Reciprocal(), Scale(fromUpper: 2)]
    let preprocessor = try Preprocessor(steps, outputShape: [1, 2, 2])
    func write(_ bytes: [UInt8]) throws -> [Float] {
      let image = try Image(width: 2, height: 2, channels: 1, pixels: .bytes(bytes))
      return try [Float](unsafeUninitializedCapacity: 4) { target, count in
        try preprocessor.write(image, into: UnsafeMutableBufferPointer(rebasing: target[0..<4]))
        count = 4
      }
    }
    #expect(zip(try write([255, 255, 51, 255]), [0.5, 0.5, 2.5, 0.5]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(
      throws: ImageError.failed(
        kind: "reciprocal", message: "gives what is no finite number (NaN or infinity)")
    ) { try write([255, 0, 1, 1]) }
    let odd = try Image(width: 2, height: 2, channels: 1, pixels: .floats([1, .nan, 2, 3]))
    #expect(
      throws: ImageError.failed(
        kind: "the picture", message: "has what is no finite number (NaN or infinity)")
    ) {
      let target = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4)
      defer { target.deallocate() }
      try preprocessor.write(odd, into: target)
    }
  }

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
