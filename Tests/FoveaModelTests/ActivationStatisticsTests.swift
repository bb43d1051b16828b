import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

@Suite struct ActivationStatisticsTests {
  private let registry = GraphTests.registry

  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  /// Maps, numbers, a bounded function, and a layer with several outputs.
  private func model() throws -> Model {
    try Model(
      ModelDescription(
        name: "small", input: [2, 7, 6],
        layers: [
          Convolution.layer("a", filters: 6, kernel: 3), Relu.layer("r"),
          LayerDescription(name: "part", kind: "split", configuration: ["sizes": [1, 2, 3]]),
          LayerDescription(name: "t", kind: "tanh", inputs: ["part:2"]), Flatten.layer("f"),
          Dense.layer("d", units: 9), LayerDescription(name: "six", kind: "relu6"),
        ]), registry: registry, seed: 4)
  }

  @Test func theNumbersAreThoseOfAPlainLoop() throws {
    let model = try model()
    let inputs = (0..<5).map { draw([1, 2, 7, 6], $0) }
    var statistics = try ActivationStatistics(of: model)
    for input in inputs { try statistics.add(input) }
    let activations = try inputs.map { try model.activations(Tensors($0)) }
    #expect(statistics.count == 5)
    for (node, layer) in statistics.layers.enumerated() {
      let values = activations.flatMap { $0[node].flatMap(\.elements) }
      let name = Comment(rawValue: model.nodes[node].name)
      #expect(layer.examples == 5)
      #expect(layer.minimum == values.min() && layer.maximum == values.max(), name)
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
      #expect(abs(Double(layer.mean) - mean) < 1e-6, name)
      #expect(abs(Double(layer.standardDeviation) - variance.squareRoot()) < 1e-6, name)
      #expect(layer.zeros == Float(Double(values.count { $0 == 0 }) / Double(values.count)), name)
      let shape = model.nodes[node].outputShape
      let area = shape.rank == 3 ? shape[1] * shape[2] : 1
      let active = (0..<shape[0]).map { unit in
        activations.count { $0[node].head.elements[unit * area..<(unit + 1) * area].contains { $0 != 0 } }
      }
      let units = try #require(layer.units)
      #expect(units.activity == active.map { Float($0) / 5 }, name)
      #expect(units.dead == active.indices.filter { active[$0] == 0 }, name)
      #expect(units.alwaysActive == active.count { $0 == 5 }, name)
    }
    #expect(statistics.layers.map { $0.saturated != nil } == [false, false, false, true, false, false, true])
  }

  /// But for the last digits, in which kernels for several examples may differ.
  @Test func aBatchIsItsExamples() throws {
    let model = try model()
    let batch = draw([5, 2, 7, 6], 1)
    var (together, alone) = (try ActivationStatistics(of: model), try ActivationStatistics(of: model))
    try together.add(batch)
    for row in 0..<5 { try alone.add(batch.rows(row..<row + 1)) }
    for (a, b) in zip(together.layers, alone.layers) {
      #expect(a.examples == 5 && b.examples == 5 && a.units == b.units && a.zeros == b.zeros)
      #expect(abs(a.mean - b.mean) < 1e-5 && abs(a.standardDeviation - b.standardDeviation) < 1e-5)
    }
  }

  /// The first unit passes everything, the second only what is large, the third nothing.
  @Test func unitsThatNeverAnswerAreFound() throws {
    let description = ModelDescription(
      name: "dead", input: [1, 2, 2], layers: [Convolution.layer("c", filters: 3, kernel: 1), Relu.layer("r")])
    let model = try Model(
      description, registry: registry,
      tensors: ["c.kernel": Tensor([1, 1, 1], [3, 1, 1, 1]), "c.bias": Tensor([0, -5, -1000], [3])])
    var statistics = try ActivationStatistics(of: model)
    for value in [1, 2, 3, 9] as [Float] { try statistics.add(Tensor(repeating: value, [1, 1, 2, 2])) }
    let units = try #require(statistics.layers[1].units)
    #expect(units.activity == [1, 0.25, 0] && units.dead == [2] && units.alwaysActive == 1)
    #expect(statistics.layers[1].zeros == 7.0 / 12)
    #expect(statistics.layers[0].units?.dead == [])
  }

  /// Sums of squares in floats, and even in doubles, would lose these digits.
  @Test func theDeviationOfNumbersFarFromZeroIsRight() throws {
    let model = try Model(
      ModelDescription(name: "flat", input: [1, 1, 2], layers: [Flatten.layer("f")]), registry: registry, seed: 0)
    var statistics = try ActivationStatistics(of: model)
    let far: Float = 8_388_608
    for value in [far, far + 1, far, far + 1] { try statistics.add(Tensor(repeating: value, [1, 1, 1, 2])) }
    #expect(statistics.layers[0].standardDeviation == 0.5)
  }

  @Test func whatIsNotFiniteIsLeftOut() throws {
    let model = try Model(
      ModelDescription(name: "flat", input: [1, 1, 4], layers: [Flatten.layer("f")]), registry: registry, seed: 0)
    var statistics = try ActivationStatistics(of: model)
    try statistics.add(Tensor([.nan, .infinity, 2, 0], [1, 1, 1, 4]))
    try statistics.add(Tensor([.nan, .nan, .nan, .nan], [1, 1, 1, 4]))
    let layer = statistics.layers[0]
    #expect(layer.minimum == 0 && layer.maximum == 2 && layer.mean == 1 && layer.standardDeviation == 1)
    #expect(layer.zeros == 1.0 / 8 && layer.units?.activity == [1, 1, 1, 0.5])
  }

  @Test func examplesMayHaveSeveralSizes() throws {
    let description = ModelDescription(
      name: "open", inputs: [InputDescription(shape: [1, 8, 8], open: [.height, .width])],
      layers: [
        Convolution.layer("c", filters: 3, kernel: 3), LayerDescription(name: "tokens", kind: "tokens"),
        Flatten.layer("f"),
      ])
    let model = try Model(description, registry: registry, seed: 2)
    var statistics = try ActivationStatistics(of: model)
    for size in [(8, 8), (5, 9), (8, 8)] { try statistics.add(draw([1, 1, size.0, size.1], UInt64(size.1))) }
    // A token's features are units, however many tokens there are; a row of another length has other ones.
    #expect(statistics.layers.map { $0.units?.activity.count } == [3, 3, nil])
    #expect(statistics.layers.map(\.examples) == [3, 3, 3])
  }
}
