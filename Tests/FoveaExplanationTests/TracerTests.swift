import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Gradients of a network in use.
@Suite struct TracerTests {
  private func model(_ layers: String, input: String = "[2, 6, 5]") throws -> Model {
    try Model(
      ModelDescription(yaml: "{name: traced, input: {shape: \(input)}, layers: \(layers)}"),
      registry: ExplanationFixture.registry, seed: 2)
  }

  private func draw(_ shape: Shape) -> Tensor {
    var random = SeededRandom(seed: 5)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  @Test func dropoutAndNormalizationAreThoseOfUse() throws {
    let model = try model(
      "[{kind: convolution, filters: 3, kernel: 3}, {kind: batchNormalization}, {kind: dropout, rate: 0.9}, {kind: relu}]"
    )
    let input = draw([3, 2, 6, 5])
    let trace = try Tracer(model).trace(Tensors(input))
    let expected = try model.infer(input)
    #expect(difference(trace.outputs.head.elements, expected.elements) < 1e-5)
  }

  /// Against central differences of the network in use, for one number after the other.
  @Test func gradientsAreThoseOfTheNetworkInUse() throws {
    let model = try model(
      """
      [{name: a, kind: convolution, filters: 3, kernel: 3, padding: 1}, {kind: batchNormalization}, {name: t, kind: tanh},
       {name: b, kind: convolution, filters: 3, kernel: 1}, {name: s, kind: add, inputs: [b, t]}, {kind: dropout},
       {kind: flatten}, {kind: dense, units: 2}]
      """)
    let input = draw([1, 2, 6, 5])
    let gradient = try #require(
      try Tracer(model).trace(Tensors(input)).gradients(Tensor([1, -2], [1, 2]))[0]
    ).elements
    func value(_ input: Tensor) throws -> Double {
      let outputs = try model.infer(input).elements
      return Double(outputs[0]) - 2 * Double(outputs[1])
    }
    for index in stride(from: 0, to: 60, by: 7) {
      var (more, less) = (input, input)
      more.withUnsafeMutableFloats { $0[index] += 0.01 }
      less.withUnsafeMutableFloats { $0[index] -= 0.01 }
      let expected = try (value(more) - value(less)) / 0.02
      #expect(abs(Double(gradient[index]) - expected) < 2e-3 * max(abs(expected), 1), "\(index)")
    }
  }

  @Test func partsPutTogetherAreTheWhole() throws {
    let model = try model(
      """
      [{name: a, kind: convolution, filters: 3, kernel: 3, padding: 1}, {name: r, kind: relu},
       {name: b, kind: convolution, filters: 3, kernel: 3, padding: 1}, {name: s, kind: add, inputs: [b, r]},
       {name: g, kind: globalAveragePooling}, {name: d, kind: dense, units: 2}]
      """)
    let input = draw([2, 2, 6, 5])
    // The sum reads what lies before 'b', too.
    let tail = try model.part(from: [Model.Source(node: 2)], to: model.outputs.head.source)
    #expect(tail.inputs == [Model.Source(node: 2), Model.Source(node: 1)])
    let head = try model.part(upTo: OneOrMore(tail.inputs[0], [tail.inputs[1]])).model
    let outputs = try tail.model.infer(head.infer(Tensors(input)))
    #expect(difference(outputs.head.elements, try model.infer(input).elements) < 1e-5)
    #expect(throws: ModelError.unconnected("d", "g")) {
      try model.part(from: [Model.Source(node: 5)], to: Model.Source(node: 4))
    }
  }

  @Test func whatComputesForwardOnlySaysSo() throws {
    let model = try model(
      "[{kind: flatten}, {name: c, kind: cast, to: float16}, {kind: cast, to: float32}, {kind: dense, units: 2}]")
    let tracer = try Tracer(model)
    #expect(tracer.obstacle?.name == "c")
    let trace = try tracer.trace(Tensors(draw([1, 2, 6, 5])))
    #expect(throws: ModelError.self) { try trace.gradients(Tensor([1, 0], [1, 2])) }
  }
}
