import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// A stranger's layer that breaks its word is an error that names the layer and the plugin, never a crash.
@Suite struct BrokenLayerTests {
  /// Puts out what is no number.
  struct Poison: ElementwiseLayer {
    static let kind = "poison"
    let configuration: NoConfiguration
    let outputShape: Shape

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { .nan }
    func derivative(_ x: Float, _ y: Float) -> Float { 1 }
  }

  /// Promises one shape and puts out another.
  struct Liar: ElementwiseLayer {
    static let kind = "liar"
    let configuration: NoConfiguration
    let outputShape: Shape

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = [input.count + 1]
    }

    func value(_ x: Float) -> Float { x }
    func derivative(_ x: Float, _ y: Float) -> Float { 1 }
  }

  private func model(_ kind: String) throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(Poison.self, from: .plugin(name: "Faulty", version: "1.2"))
    try registry.register(Liar.self, from: .plugin(name: "Faulty", version: "1.2"))
    let description = ModelDescription(
      name: "small", input: [3],
      layers: [
        Dense.layer("first", units: 4), LayerDescription(name: "odd", kind: kind),
        Dense.layer("last", units: 2),
      ])
    return try Model(description, registry: registry, seed: 1)
  }

  @Test func aWrongShapeNamesLayerAndPlugin() throws {
    let model = try model("liar")
    let error = #expect(throws: ModelError.self) { try model.infer(Tensor(zeros: [2, 3])) }
    #expect(
      error?.description.hasPrefix("layer 'odd' of plugin Faulty 1.2: liar: the layer broke its contract") == true)
  }

  @Test func whatIsNoNumberNamesLayerAndPlugin() throws {
    var trainer = try Trainer(
      model("poison"), loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 2, threads: 1, seed: 1)
    let before = trainer.model.namedParameters.map(\.tensor)
    #expect(
      throws: TrainingError.notFinite(
        step: 1, .output(layer: "odd", kind: "poison", origin: .plugin(name: "Faulty", version: "1.2")))
    ) {
      try trainer.step(Tensor(zeros: [2, 3]), targets: [0, 1])
    }
    #expect(trainer.model.namedParameters.map(\.tensor) == before)
  }
}
