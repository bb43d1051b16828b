import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Networks with several outputs, each of which yields a result.
@Suite struct NamedResultsTests {
  /// The brightness as elsewhere, and the mean, 0…1.
  private func pipeline(_ outputs: [OutputDescription]) throws -> Pipeline {
    var registry = try Brightness.registry()
    try BuiltinPostprocessing.register(in: &registry)
    let description = ModelDescription(
      name: "two", inputs: [InputDescription(shape: [1, 4, 3])],
      layers: [
        LayerDescription(name: "flat", kind: "flatten"),
        LayerDescription(name: "shade", kind: "dense", inputs: ["flat"], configuration: ["units": 3]),
        LayerDescription(name: "light", kind: "dense", inputs: ["flat"], configuration: ["units": 1]),
      ], outputs: outputs,
      preprocessing: [
        KindDescription(kind: "toGrayscale"),
        KindDescription(kind: "resize", configuration: ["width": 3, "height": 4]), KindDescription(kind: "scale"),
      ])
    let shade = [Float](repeating: -2 / 12, count: 12) + [Float](repeating: 0, count: 12)
    let model = try Model(
      description, registry: registry,
      tensors: [
        "shade.weight": Tensor(shade + [Float](repeating: 2 / 12, count: 12), [3, 12]),
        "shade.bias": Tensor([1, 0.2, -1], [3]),
        "light.weight": Tensor([Float](repeating: 1 / 12, count: 12), [1, 12]),
        "light.bias": Tensor([0], [1]),
      ])
    return try Pipeline(description, model: model, registry: registry)
  }

  private let shade = OutputDescription(
    "shade", postprocessing: [KindDescription(SoftmaxConfidence())], labels: Brightness.labels)
  private let light = OutputDescription(
    "light", postprocessing: [KindDescription(NumbersStep(names: ["mean"], scale: [100]))])

  @Test func everyOutputHasAResultOfItsOwn() throws {
    let pipeline = try pipeline([shade, light])
    let image = try Image.gray(255, width: 3, height: 4)
    let results = try pipeline.predict(image, as: NamedResults.self)
    #expect((results["shade"] as? Prediction)?.label == "bright" && results["dark"] == nil)
    #expect(abs(try #require((results["light"] as? Numbers)?["mean"]) - 100) < 1e-3)
    #expect(results.isRanked && pipeline.blankResult is NamedResults && pipeline.labels == Brightness.labels)
    #expect(throws: PipelineError.prediction(.otherResult(expected: "oneClass", got: "outputs"))) {
      try pipeline.predict(image)
    }
    let together = try pipeline.results(of: [image, .gray(0, width: 9, height: 9), image])
    #expect(together.map { (($0 as? NamedResults)?["shade"] as? Prediction)?.label } == ["bright", "dark", "bright"])
    #expect(together[0] as? NamedResults == results)
  }

  @Test func rowsNameTheOutput() throws {
    let folder = try TemporaryFolder()
    let path = try folder.picture("p.png", gray: 0)
    let pipeline = try pipeline([shade, light])
    func written(_ format: any RowFormat) throws -> [String] {
      let writer = try RowWriter(format, like: pipeline.blankResult, top: 1, to: .file(folder("rows")))
      _ = try BatchClassifier(pipeline).run([path]) { try writer.write($0) }
      try writer.finish()
      return try folder.text("rows").split(separator: "\n").map(String.init)
    }
    let csv = try written(.csv)
    #expect(
      csv[0]
        == "path,status,shade_label,shade_confidence,shade_top1_label,shade_top1_confidence,light_numbers_mean,reason,"
        + "error,warning")
    // e^1 / (e^1 + e^0.2 + e^−1) = 0.63104…
    #expect(csv[1].hasPrefix("\(path),ok,dark,0.6310") && csv[1].hasSuffix(",0.0,,,"))
    #expect(
      try written(.jsonl)[0].hasPrefix(#"{"path":"\#(path)","status":"ok","shade":{"label":"dark","confidence":0.6310"#)
    )
    let table = try written(.table)
    #expect(table[0].contains("shade label  shade confidence") && table[0].contains("light mean"))
  }

  /// An output without steps is nobody's result.
  @Test func outputsWithoutStepsAreLeftOut() throws {
    let pipeline = try pipeline([OutputDescription("light"), shade])
    #expect(try pipeline.predict(.gray(0, width: 3, height: 4)).label == "dark")
  }

  @Test func aDescriptionOfAnotherModelIsAnError() throws {
    var registry = try Brightness.registry()
    try BuiltinPostprocessing.register(in: &registry)
    let description = ModelDescription(
      name: "other", inputs: [InputDescription(shape: [1, 4, 3])], layers: [], outputs: [shade, light])
    #expect(throws: PipelineError.prediction(.unknownOutput(kind: "pipeline", name: "light", known: ["out"]))) {
      try Pipeline(description, model: Brightness.model(), registry: registry)
    }
  }
}
