import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct ValueTableTests {
  /// Claims to be pointwise, but looks at the whole picture.
  private struct Stretch: PreprocessingStep, Configurable {
    static let kind = "stretch"
    func apply(_ image: Image) throws(ImageError) -> Image {
      let floats = image.floats
      let greatest = max(1, floats.max() ?? 1)
      return try Image(
        width: image.width, height: image.height, channels: image.channels,
        pixels: .floats(floats.map { $0 / greatest }))
    }
    func isPointwise(on shape: Shape) -> Bool { true }
  }

  /// Claims to be pointwise, but fails.
  private struct Failing: PreprocessingStep, Configurable {
    static let kind = "failing"
    func apply(_ image: Image) throws(ImageError) -> Image { throw .failed(kind: Self.kind, message: "always") }
    func isPointwise(on shape: Shape) -> Bool { true }
  }

  @Test(arguments: [[1, 28, 28], [1, 1, 1], [3, 5, 7], [1, 256, 1], [3, 1, 2], [4, 3, 3]] as [Shape])
  func givesEveryValueAsTheStepsDo(shape: Shape) throws {
    let steps: [any PreprocessingStep] = [
      Invert(), Scale(lower: -0.1, upper: 1.175), Normalize(mean: [0.1307], deviation: [0.3081]),
    ]
    let table = try #require(ValueTable(steps, on: shape))
    for start in stride(from: 0, to: 256, by: shape.count) {
      let bytes = (0..<shape.count).map { UInt8(truncatingIfNeeded: start + $0) }
      var image = try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: .bytes(bytes))
      for step in steps { image = try step.apply(image) }
      var expected = [Float](repeating: 0, count: shape.count)
      expected.withUnsafeMutableBufferPointer { image.writePlanar(into: $0) }
      var got = [Float](repeating: 0, count: shape.count)
      got.withUnsafeMutableBufferPointer { got in bytes.withUnsafeBufferPointer { table.write($0, into: got) } }
      #expect(got == expected)
    }
  }

  @Test func keepsChannelsApart() throws {
    let table = try #require(ValueTable([Normalize(mean: [1, 2, 3], deviation: [1, 10, 100])], on: [3, 1, 1]))
    var got: [Float] = [0, 0, 0]
    got.withUnsafeMutableBufferPointer { got in [1, 12, 203].withUnsafeBufferPointer { table.write($0, into: got) } }
    #expect(got == [0, 1, 2])
  }

  @Test func existsOnlyForPointwiseSteps() {
    #expect(ValueTable([Resize(width: 4, height: 4)], on: [1, 4, 4]) != nil)
    #expect(ValueTable([Resize(width: 4, height: 4)], on: [1, 4, 5]) == nil)
    #expect(ValueTable([ToGrayscale()], on: [3, 4, 4]) == nil)
    #expect(ValueTable([Stretch(), Scale()], on: [1, 28, 28]) == nil)
    #expect(ValueTable([Failing()], on: [1, 4, 4]) == nil)
    #expect(ValueTable([Normalize(mean: [1, 2], deviation: [1, 1])], on: [1, 4, 4]) == nil)
  }
}
