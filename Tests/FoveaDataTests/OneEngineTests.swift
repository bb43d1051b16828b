import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

/// Training and prediction prepare pictures by one engine: what a batch holds is what ``Preprocessor`` gives, bit by bit.
struct OneEngineTests {
  private static let pipelines: [(steps: [any PreprocessingStep], shape: Shape)] = [
    ([Resize(width: 9, height: 7), Scale()], [3, 7, 9]),
    (
      [
        Resize(width: 9, height: 7, interpolation: .bilinear, reducedDecoding: true),
        Normalize(mean: [7], deviation: [3]),
      ], [3, 7, 9]
    ),
    (
      [ToGrayscale(), Letterbox(width: 12, height: 12, fill: 3, reducedDecoding: true), Invert(), Scale(lower: -1)],
      [1, 12, 12]
    ),
    ([Scale(), CenterCrop(width: 20, height: 17)], [3, 17, 20]),
    ([Pad(all: 2), CenterCrop(width: 8, height: 8), Invert()], [3, 8, 8]),
  ]

  @Test(arguments: pipelines.indices, [0, 1 << 20])
  func batchesHoldWhatThePreprocessorGives(pipeline: Int, cacheLimit: Int) throws {
    let (steps, shape) = Self.pipelines[pipeline]
    let folder = try TemporaryFolder()
    var random = SeededRandom(seed: 3)
    var paths: [String] = []
    for (index, (width, height)) in [(31, 19), (64, 47), (20, 40), (90, 61)].enumerated() {
      let bytes = (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: random.next() >> 9) }
      let image = try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
      let isJPEG = index % 2 == 1
      let file = try (isJPEG ? ImageEncoder.jpeg() : .png()).encode(image)
      paths.append(try folder.write(file, to: "class/\(index).\(isJPEG ? "jpg" : "png")"))
    }
    var settings = BatchLoader.Settings(batchSize: 4, shuffles: false)
    settings.cacheLimit = cacheLimit
    let loader = try BatchLoader(
      try Dataset.open(folder.path, part: .training), preprocessing: steps, settings: settings)
    let preprocessor = try Preprocessor(steps, outputShape: shape)
    let expected = try paths.flatMap {
      try preprocessor.prepare(try preprocessor.decoder.read(path: $0)).input.elements.map(\.bitPattern)
    }
    for epoch in 0..<2 {
      let batch = try #require(try loader.batches(epoch: epoch).next())
      #expect(batch.inputs.elements.map(\.bitPattern) == expected)
    }
  }

  /// While a step works on a picture, the memory for it is charged still.
  @Test func memoryIsGivenBackAfterResizing() throws {
    let folder = try TemporaryFolder()
    let image = try Image(width: 64, height: 64, channels: 3, pixels: .bytes([UInt8](repeating: 9, count: 64 * 64 * 3)))
    try folder.write(try ImageEncoder.png().encode(image), to: "class/0.png")
    struct Look: PreprocessingStep, Configurable {
      static let kind = "look"
      static let budget = DecodingBudget(bytes: 1 << 20)
      func apply(_ image: Image) throws(ImageError) -> Image {
        let isWhole = Self.budget.takeAtOnce(Self.budget.bytes)
        if isWhole { Self.budget.give(Self.budget.bytes) }
        return try Image(width: 1, height: 1, channels: 1, pixels: .bytes([isWhole ? 1 : 0]))
      }
    }
    var settings = BatchLoader.Settings()
    settings.limits.budget = Look.budget
    let loader = try BatchLoader(
      try Dataset.open(folder.path, part: .training), preprocessing: [Look()], settings: settings)
    #expect(try loader.load([0]).inputs.elements == [0])
    #expect(Look.budget.takeAtOnce(Look.budget.bytes))
  }
}
