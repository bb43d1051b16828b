import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Networks with several inputs, which take a picture for each.
@Suite struct SeveralPicturesTests {
  /// Which of two pictures is the brighter one: the inputs have other shapes, and the outputs are the mean of `left`, 0…1, and
  /// that of `right`.
  private func pipeline(_ labels: [String]? = ["left", "right"]) throws -> Pipeline {
    let registry = try Brightness.registry()
    let description = ModelDescription(
      name: "pair",
      inputs: [InputDescription(name: "left", shape: [1, 4, 3]), InputDescription(name: "right", shape: [3, 2, 2])],
      layers: [
        LayerDescription(name: "a", kind: "flatten", inputs: ["left"]),
        LayerDescription(name: "b", kind: "flatten", inputs: ["right"]),
        LayerDescription(name: "both", kind: "concatenate", inputs: ["a", "b"]),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 2]),
      ])
    let (mean, zeros) = ([Float](repeating: 1 / 12, count: 12), [Float](repeating: 0, count: 12))
    let model = try Model(
      description, registry: registry,
      tensors: ["out.weight": Tensor(mean + zeros + zeros + mean, [2, 24]), "out.bias": Tensor([0, 0], [2])])
    return try Pipeline(model: model, preprocessing: [Scale()], labels: labels)
  }

  private func pictures(_ left: UInt8, _ right: UInt8) throws -> [String: Image] {
    ["left": try .gray(left, width: 3, height: 4), "right": try Image.gray(right, width: 2, height: 2).rgb()]
  }

  @Test func eachInputHasItsPicture() throws {
    let pipeline = try pipeline()
    #expect(pipeline.pictureNames == ["left", "right"])
    let result = try #require(try pipeline.result(of: pictures(51, 102)) as? Prediction)
    #expect(result.label == "right")
    for (score, expected) in zip(result.scores, [0.2, 0.4] as [Float]) { #expect(abs(score - expected) < 1e-6) }
    let together = try pipeline.results(of: [pictures(51, 102), pictures(90, 3)], on: WorkerPool(count: 2))
    #expect(together.map { ($0 as? Prediction)?.label } == ["right", "left"])
    #expect(together[0] as? Prediction == result)
  }

  @Test func aMissingPictureIsNamed() throws {
    let pipeline = try pipeline()
    var pictures = try pictures(1, 2)
    let error = PipelineError.severalInputs(name: "pair", inputs: ["left", "right"])
    #expect(error.description.contains("takes 2 pictures of each example: left, right"))
    #expect(throws: error) { try pipeline.predict(.gray(0, width: 3, height: 4)) }
    #expect(throws: error) { try pipeline.results(of: [.gray(0, width: 3, height: 4)]) }
    pictures["middle"] = pictures["left"]
    #expect(throws: error) { try pipeline.result(of: pictures) }
    pictures["left"] = nil
    #expect(throws: error) { try pipeline.result(of: pictures) }
    #expect(throws: BatchError.pipeline(error)) { try BatchClassifier(pipeline).run(["a.png"]) { _ in } }
    #expect(throws: BatchError.pipeline(error)) {
      try BatchClassifier(pipeline).run(examples: [[FilePath("a.png")]]) { _ in }
    }
    // The other way round, too.
    #expect(throws: PipelineError.severalInputs(name: "brightness", inputs: ["input"])) {
      try Brightness.pipeline().result(of: ["left": .gray(0, width: 3, height: 4)])
    }
    #expect(try Brightness.pipeline().result(of: ["input": .gray(0, width: 3, height: 4)]) is Prediction)
  }

  @Test func batchesGoOnBehindAnExampleThatCannotBeRead() throws {
    let folder = try TemporaryFolder()
    func path(_ name: String, _ gray: UInt8, _ width: Int, _ height: Int, isGray: Bool) throws -> FilePath {
      var image = try Image.gray(gray, width: width, height: height)
      if !isGray { image = try image.rgb() }
      try ImageEncoder(path: name).write(image, to: folder(name))
      return FilePath(folder(name))
    }
    let registry = try Brightness.registry()
    // Both of three channels, as files are decoded.
    let description = ModelDescription(
      name: "pair",
      inputs: [InputDescription(name: "left", shape: [3, 4, 3]), InputDescription(name: "right", shape: [3, 4, 3])],
      layers: [
        LayerDescription(name: "a", kind: "flatten", inputs: ["left"]),
        LayerDescription(name: "b", kind: "flatten", inputs: ["right"]),
        LayerDescription(name: "both", kind: "concatenate", inputs: ["a", "b"]),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 2]),
      ])
    let (mean, zeros) = ([Float](repeating: 1 / 36, count: 36), [Float](repeating: 0, count: 36))
    let model = try Model(
      description, registry: registry,
      tensors: ["out.weight": Tensor(mean + zeros + zeros + mean, [2, 72]), "out.bias": Tensor([0, 0], [2])])
    let pipeline = try Pipeline(model: model, preprocessing: [Scale()], labels: ["left", "right"])
    let (dark, bright) = (
      try path("dark.png", 9, 3, 4, isGray: false), try path("bright.png", 99, 3, 4, isGray: false)
    )
    let examples = [[dark, bright], [bright, FilePath(folder("missing.png"))], [bright, dark]]
    for settings in [BatchClassifier.Settings(batchSize: 8, threads: 1), .init(batchSize: 1, threads: 2)] {
      var rows: [ResultRow] = []
      let summary = try BatchClassifier(pipeline, settings: settings).run(examples: examples) { rows.append($0) }
      #expect(rows.map(\.label) == ["right", nil, "left"] && rows.map(\.status) == [.ok, .error, .ok])
      #expect(rows[0].path == folder("dark.png") + "|" + folder("bright.png"))
      #expect(summary.count == 3 && summary.failures == 1)
    }
  }
}
