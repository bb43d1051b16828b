import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Pictures in the sizes that they have, through a network that is open to them.
@Suite struct OpenSizeTests {
  let folder: TemporaryFolder
  let pipeline: Pipeline

  /// A convolution that takes at least 3×3, the mean of each map, and two classes.
  init() throws {
    folder = try TemporaryFolder()
    let description = ModelDescription(
      name: "open", inputs: [InputDescription(shape: [1, 8, 8], open: [.height, .width])],
      layers: [
        LayerDescription(name: "c", kind: "convolution", configuration: ["filters": 3, "kernel": 3]),
        LayerDescription(kind: "tanh"), LayerDescription(kind: "globalAveragePooling"),
        LayerDescription(name: "d", kind: "dense", configuration: ["units": 2]), LayerDescription(kind: "softmax"),
      ])
    let model = try Model(description, registry: Brightness.registry(), seed: 3)
    pipeline = try Pipeline(model: model, preprocessing: [ToGrayscale(), Scale()], labels: ["a", "b"])
  }

  private func noise(_ width: Int, _ height: Int, _ seed: UInt64) throws -> Image {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return try Image(width: width, height: height, channels: 1, pixels: .bytes(bytes))
  }

  /// Runs of equal sizes, single ones, and the size that the description names.
  private let sizes = [(8, 8), (8, 8), (20, 11), (20, 11), (20, 11), (9, 30), (8, 8), (20, 11), (3, 3)]

  private func pictures() throws -> [Image] {
    try sizes.enumerated().map { try noise($1.0, $1.1, UInt64($0)) }
  }

  @Test func manyAtOnceGiveWhatEachGivesAlone() throws {
    let pictures = try pictures()
    let alone = try pictures.map { try pipeline.predict($0) }
    #expect(try pipeline.predict(pictures) == alone)
    #expect(try pipeline.predict(pictures, on: WorkerPool(count: 2)) == alone)
    #expect(Set(alone.map(\.score)).count == alone.count)
    // The values that the network is given are the picture's own, each divided by 255.
    let input = try pipeline.input(for: pictures[2])
    #expect(input.shape == [1, 1, 11, 20])
    guard case .bytes(let bytes) = pictures[2].pixels else { return }
    #expect(zip(input.elements, bytes).allSatisfy { abs($0 - Float($1) / 255) < 1e-6 })
  }

  @Test(arguments: [(1, 1), (4, 2), (32, 2)])
  func aFolderHasARowForEach(batchSize: Int, threads: Int) throws {
    let pictures = try pictures()
    var paths: [String] = []
    for (index, picture) in pictures.enumerated() {
      let path = folder("p\(index).png")
      try ImageEncoder(path: path).write(picture, to: path)
      paths.append(path)
    }
    // What the network cannot be made for is a row with an error.
    try paths.insert(folder.picture("small.png", gray: 7, width: 2, height: 40), at: 4)
    var rows: [ResultRow] = []
    let classifier = try BatchClassifier(pipeline, settings: .init(batchSize: batchSize, threads: threads))
    let summary = try classifier.run(paths) { rows.append($0) }
    #expect(rows.map(\.path) == paths && summary == BatchClassifier.Summary(count: 10, failures: 1))
    #expect(rows[4].error?.contains("cannot be made for an input of [1, 40, 2]: layer 'c'") == true)
    rows.remove(at: 4)
    #expect(try rows.map(\.prediction) == pictures.map { try pipeline.predict($0) })
  }

  @Test func otherChannelsAreRefused() throws {
    let colored = try Pipeline(model: pipeline.model, preprocessing: [Scale()])
    let picture = try Image(width: 9, height: 9, channels: 3, pixels: .bytes(Array(repeating: 3, count: 243)))
    #expect(throws: PipelineError.self) { try colored.predict(picture) }
  }

  /// A mask comes in the size of the picture that it is of.
  @Test func mapsAreOfThePicturesSize() throws {
    let description = ModelDescription(
      name: "maps", inputs: [InputDescription(shape: [1, 8, 8], open: [.height, .width])],
      layers: [
        LayerDescription(
          name: "c", kind: "convolution", configuration: ["filters": 2, "kernel": 3, "padding": "same"])
      ],
      outputs: [OutputDescription(postprocessing: [KindDescription(kind: "mask")])])
    var registry = try Brightness.registry()
    try BuiltinPostprocessing.register(in: &registry)
    let model = try Model(description, registry: registry, seed: 3)
    let maps = try Pipeline(description, model: model, registry: registry)
    let mask = try #require(maps.result(of: noise(13, 6, 1)) as? Mask)
    #expect(mask.size == ImageSize(width: 13, height: 6))
  }
}
