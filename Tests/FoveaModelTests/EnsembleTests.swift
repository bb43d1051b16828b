import Foundation
import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import Testing

@Suite struct EnsembleTests {
  let registry: Registry

  init() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.registerImageKinds()
    try BuiltinPostprocessing.register(in: &registry)
    try BuiltinViews.register(in: &registry)
    self.registry = registry
  }

  private func model(
    seed: UInt64, units: Int = 3, labels: [String]? = nil, width: Int = 4, preprocessing: [KindDescription] = [],
    steps: [KindDescription] = [], last: LayerDescription? = nil
  ) throws -> SavedModel {
    var description = ModelDescription(
      name: "m\(seed)", input: [1, 4, width],
      layers: [
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": .integer(units)]),
      ]
        + (last.map { [$0] } ?? []))
    description.preprocessing = preprocessing
    description.outputs[0].postprocessing = steps
    description.labels = labels
    return SavedModel(description: description, model: try Model(description, registry: registry, seed: seed))
  }

  private func ensemble(_ models: SavedModel..., average: Averaging = .probabilities, views: [any View] = []) throws
    -> Ensemble
  {
    let named = models.map { (name: $0.model.name, saved: $0) }
    return try Ensemble(try #require(OneOrMore(named)), average: average, views: views, registry: registry)
  }

  private let inputs = Tensor((0..<48).map { Float($0 * 37 % 48) / 24 - 1 }, [3, 1, 4, 4])
  private let softmax = [KindDescription(SoftmaxConfidence())]

  private func rows(_ tensor: Tensor) -> [[Double]] {
    let width = tensor.shape.withoutBatch.count
    return (0..<tensor.shape[0]).map { row in tensor.elements[row * width..<(row + 1) * width].map(Double.init) }
  }

  private func means(_ members: [[[Double]]]) -> [[Double]] {
    members[0].indices.map { row in
      members[0][row].indices.map { index in members.reduce(0) { $0 + $1[row][index] } / Double(members.count) }
    }
  }

  private func expectNear(_ got: [[Double]], _ expected: [[Double]], place: SourceLocation = #_sourceLocation) {
    for (got, expected) in zip(got.joined(), expected.joined()) {
      #expect(abs(got - expected) <= 1e-6 * max(1, abs(expected)), sourceLocation: place)
    }
  }

  private func softmaxed(_ logits: [Double]) -> [Double] {
    let sum = logits.reduce(0) { $0 + exp($1) }
    return logits.map { exp($0) / sum }
  }

  /// Of what the first model's steps make of the ensemble's outputs.
  private func confidences(_ ensemble: Ensemble) throws -> [[Double]] {
    let steps = try ensemble.first.description.outputs[0].postprocessing.map { try registry.makePostprocessing($0) }
    let chain = try PostprocessingChain(steps)
    return try rows(ensemble.inferEach(Tensors(inputs)).head).map { row in
      let result = try chain.result(
        of: NetworkOutputs(row.map { Float($0) }, areConfidences: ensemble.first.model.putsOutConfidences))
      if let labels = result as? Labels { return labels.labels.map { Double($0.confidence) } }
      if let numbers = result as? Numbers { return numbers.numbers.map { Double($0.value) } }
      return try #require(result as? Prediction).scores.map(Double.init)
    }
  }

  private func outputs(_ saved: SavedModel, _ inputs: Tensor? = nil) throws -> [[Double]] {
    rows(try saved.model.inferEach(inputs ?? self.inputs))
  }

  @Test func outputsAreAveraged() throws {
    let (a, b) = (try model(seed: 1, steps: softmax), try model(seed: 2, steps: softmax))
    let got = rows(try ensemble(a, b, average: .logits).inferEach(Tensors(inputs)).head)
    expectNear(got, means([try outputs(a), try outputs(b)]))
  }

  @Test func confidencesAreAveraged() throws {
    let (a, b, c) = (
      try model(seed: 1, steps: softmax), try model(seed: 2, steps: softmax), try model(seed: 3, steps: softmax)
    )
    let expected = try means([a, b, c].map { try outputs($0).map(softmaxed) })
    expectNear(try confidences(ensemble(a, b, c)), expected)
    // Calibrated by temperatures of their own.
    let warm = [KindDescription(TemperatureScaling(2)), softmax[0]]
    let (d, e) = (
      try model(seed: 1, steps: warm),
      try model(seed: 2, steps: [KindDescription(TemperatureScaling(0.5)), softmax[0]])
    )
    expectNear(
      try confidences(ensemble(d, e)),
      means([try outputs(d).map { softmaxed($0.map { $0 / 2 }) }, try outputs(e).map { softmaxed($0.map { $0 * 2 }) }]))
  }

  @Test func twoClassesLabelsAndNumbers() throws {
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let steps = [KindDescription(SigmoidConfidence(threshold: 0.7))]
    let (a, b) = (try model(seed: 4, units: 1, steps: steps), try model(seed: 5, units: 1, steps: steps))
    let second = means([try outputs(a).map { $0.map(sigmoid) }, try outputs(b).map { $0.map(sigmoid) }])
    expectNear(try confidences(ensemble(a, b)), second.map { [1 - $0[0], $0[0]] })
    let labels = [KindDescription(LabelsStep())]
    let (c, d) = (try model(seed: 6, steps: labels), try model(seed: 7, steps: labels))
    expectNear(
      try confidences(ensemble(c, d)),
      try means([try outputs(c), try outputs(d)]).indices.map { row in
        try outputs(c)[row].indices.map { (sigmoid(try outputs(c)[row][$0]) + sigmoid(try outputs(d)[row][$0])) / 2 }
      })
    let (e, f) = (
      try model(seed: 8, steps: [KindDescription(NumbersStep(scale: [2], offset: [1]))]),
      try model(seed: 9, steps: [KindDescription(NumbersStep(scale: [3, 4, 5], offset: [0, 1, 2]))])
    )
    let own = try outputs(f).map { zip($0, [(3.0, 0.0), (4, 1), (5, 2)]).map { $0 * $1.0 + $1.1 } }
    expectNear(try confidences(ensemble(e, f)), means([try outputs(e).map { $0.map { $0 * 2 + 1 } }, own]))
  }

  /// Of a network that puts out confidences itself.
  @Test func confidencesOfTheNetworkItself() throws {
    let layer = LayerDescription(name: "soft", kind: "softmax")
    let (a, b) = (try model(seed: 1, last: layer), try model(seed: 2, last: layer))
    expectNear(try confidences(ensemble(a, b)), means([try outputs(a), try outputs(b)]))
  }

  /// A confidence of 0 in all of them is one of next to nothing.
  @Test func certaintyIsFinite() throws {
    let a = try model(seed: 1, steps: softmax)
    let sure = try Model(
      a.description, registry: registry,
      tensors: ["out.weight": Tensor(zeros: [3, 16]), "out.bias": Tensor([2000, 0, -2000], [3])])
    let certain = SavedModel(description: a.description, model: sure)
    expectNear(try confidences(ensemble(certain, certain)), Array(repeating: [1, 0, 0], count: 3))
  }

  @Test func viewsAreSeenToo() throws {
    let a = try model(seed: 1, steps: softmax)
    let flipped = Tensor(
      rows(inputs).flatMap { row in (0..<16).map { Float(row[$0 / 4 * 4 + 3 - $0 % 4]) } }, [3, 1, 4, 4])
    let got = rows(try ensemble(a, average: .logits, views: [HorizontalFlipView()]).inferEach(Tensors(inputs)).head)
    expectNear(got, means([try outputs(a), try outputs(a, flipped)]))
  }

  @Test func viewsRearrangePixels() throws {
    let picture = Tensor([1, 2, 3, 4], [1, 1, 2, 2])
    #expect(try HorizontalFlipView().views(of: picture).map(\.elements) == [[2, 1, 4, 3]])
    #expect(try VerticalFlipView().views(of: picture).map(\.elements) == [[3, 4, 1, 2]])
    // As numpy.rot90(a, k) has it for 1, 2 and 3.
    #expect(try QuarterTurnsView().views(of: picture).map(\.elements) == [[2, 4, 1, 3], [4, 3, 2, 1], [3, 1, 4, 2]])
    #expect(try CropsView(share: 1).views(of: picture).map(\.elements) == Array(repeating: [1, 2, 3, 4], count: 5))
    // Of a ramp, a part is a ramp that is less steep: its pixels' centers lie at 1 + (i + 0.5) / 2 − 0.5 in the middle.
    let ramp = Tensor((0..<4).flatMap { _ in [0, 1, 2, 3] as [Float] }, [1, 1, 4, 4])
    let views = try CropsView(share: 0.5).views(of: ramp)
    #expect(Array(views[0].elements.prefix(4)) == [0.75, 1.25, 1.75, 2.25])
    #expect(Array(views[1].elements.prefix(4)) == [0, 0.25, 0.75, 1.25])
    #expect(throws: PredictionError.self) { try QuarterTurnsView().views(of: Tensor(zeros: [1, 1, 2, 3])) }
  }

  @Test func whatDoesNotAgreeIsNamed() throws {
    let a = try model(seed: 1, labels: ["x", "y", "z"], steps: softmax)
    func expect(_ other: SavedModel, _ what: String, _ words: String...) throws {
      do {
        _ = try ensemble(a, other)
        Issue.record("they agree")
      } catch let error as EnsembleError {
        guard case .disagreement(what, "m1", _, "m2", _) = error else {
          Issue.record("\(error)")
          return
        }
        for word in words { #expect(error.description.contains(word)) }
      }
    }
    try expect(model(seed: 2, labels: ["x", "z", "y"], steps: softmax), "their labels", "x, y, z", "x, z, y")
    try expect(model(seed: 2, labels: ["x", "y", "z"], width: 5, steps: softmax), "their inputs")
    try expect(model(seed: 2, units: 2, labels: ["x", "y"], steps: softmax), "their outputs")
    try expect(
      model(seed: 2, labels: ["x", "y", "z"], preprocessing: [KindDescription(Scale())], steps: softmax),
      "their preprocessing", "scale")
  }

  @Test func whatHasNoMeanIsRefused() throws {
    func refusal(_ model: SavedModel, _ average: Averaging = .probabilities) throws -> String {
      do {
        _ = try ensemble(model, average: average)
        return ""
      } catch let error as EnsembleError { return error.description }
    }
    #expect(try refusal(model(seed: 1)).contains("raw outputs"))
    #expect(try refusal(model(seed: 1), .logits) == "")
    #expect(try refusal(model(seed: 1, steps: [KindDescription(EmbeddingStep())])).contains("'embedding'"))
    #expect(throws: EnsembleError.self) {
      try ensemble(model(seed: 1, width: 5, steps: softmax), views: [QuarterTurnsView()])
    }
  }

  @Test func descriptionsAreStrict() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("pipeline.yaml").path
    func read(_ text: String) throws -> PipelineDescription {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      return try PipelineDescription(contentsOf: file)
    }
    let read1 = try read(
      "models: [a.safetensors, /b]\naverage: logits\naugment: [horizontalFlip, {kind: crops, share: 0.5}]\n")
    #expect(read1.models == [folder.appendingPathComponent("a.safetensors").path, "/b"] && read1.average == .logits)
    #expect(read1.augment?.kinds.map(\.kind) == ["horizontalFlip", "crops"])
    for (text, word) in [
      ("model: [a]\n", "models"), ("models: []\n", "one model"), ("models: [a]\naverage: mean\n", "probabilities"),
      ("- a\n", "group of keys"),
    ] {
      let error = #expect(throws: (any Error).self) { try read(text) }
      #expect(error.map { "\($0)".contains(word) } == true, "\(String(describing: error))")
    }
  }
}
