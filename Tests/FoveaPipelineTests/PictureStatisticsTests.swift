import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Statistics of the layers over pictures of files.
@Suite struct PictureStatisticsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pipeline() throws -> Pipeline {
    let description = ModelDescription(
      name: "small", input: [1, 9, 8],
      layers: [
        Convolution.layer("c", filters: 5, kernel: 3), LayerDescription(name: "t", kind: "tanh"),
        Flatten.layer("f"), Dense.layer("d", units: 3), Relu.layer("r"),
      ])
    return try Pipeline(
      model: Model(description, registry: Brightness.registry(), seed: 8),
      preprocessing: [ToGrayscale(), Resize(width: 8, height: 9), Scale()])
  }

  private func write(_ count: Int) throws -> [String] {
    try (0..<count).map { number in
      var random = SeededRandom(seed: UInt64(number))
      let (width, height) = (8 + number % 3, 9 + number % 5)
      let bytes = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let image = try Image(width: width, height: height, channels: 1, pixels: .bytes(bytes))
      try folder.folder("data")
      let path = folder("data/\(number + 100).png")
      try ImageEncoder(path: path).write(image, to: path)
      return path
    }
  }

  private func looked(
    _ pipeline: Pipeline, threads: Int
  ) throws -> (statistics: ActivationStatistics, summary: PictureWork.Summary) {
    let inputs = PictureInputs([FilePath(folder("data"))])
    return try PictureWork(inputs, pipeline.preprocessor.decoder, threads: threads).statistics(of: pipeline)
  }

  @Test func theNumbersAreThoseOfOnePictureAfterTheOther() throws {
    let (pipeline, paths) = (try pipeline(), try write(23))
    var expected = try ActivationStatistics(of: pipeline.model)
    for path in paths {
      let picture = try pipeline.preprocessor.decoder.read(path: path)
      try expected.add(pipeline.input(for: picture.image))
    }
    for threads in [1, 2, 3] {
      let (statistics, summary) = try looked(pipeline, threads: threads)
      #expect(summary.count == 23 && summary.failures == 0)
      #expect(statistics.count == 23 && statistics.layers == expected.layers, "\(threads) threads")
    }
  }

  @Test func picturesThatCannotBeReadAreLeftOut() throws {
    let pipeline = try pipeline()
    _ = try write(4)
    let before = try looked(pipeline, threads: 1).statistics.layers
    try folder.write("no picture", "data/050.png")
    try folder.write(Array("\u{89}PNG".utf8), "data/101b.png")
    let (statistics, summary) = try looked(pipeline, threads: 2)
    #expect(summary.count == 6 && summary.failures == 2)
    #expect(statistics.count == 4 && statistics.layers == before)
  }
}
