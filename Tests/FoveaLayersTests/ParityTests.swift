import FoveaCore
import FoveaLayers
import Testing

/// Every layer beside PyTorch, forward and backward.
@Suite struct ParityTests {
  private static let tolerance: Float = 1e-4

  @Test func thereAreFixturesForEveryLayer() throws {
    let kinds = try Set(Fixture.all.map { try $0.read().kind })
    #expect(kinds == Set(BuiltinLayers.all.map { $0.kind }))
  }

  @Test(arguments: Fixture.all) func agreesWithPyTorch(_ fixture: Fixture) throws {
    let content = try fixture.read()
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    switch try registry.layers.entry(content.kind).type {
    case let type as any Layer.Type: try check(type, content)
    case let type as any MultiOutputLayer.Type: try checkSeveral(type, content)
    case let type: try checkComputation(type, content)
    }
  }

  private func checkSeveral<L: MultiOutputLayer>(_ type: L.Type, _ content: Fixture.Content) throws {
    let configuration = try ConfigurationDecoder.decode(
      L.Configuration.self, from: content.configuration, owner: L.kind)
    let inputs = content.list("input")
    let layer = try L(configuration, inputs: inputs.map(\.shape.withoutBatch))
    let (outputs, cache) = try layer.forward(inputs, [], TrainingContext(seed: 1))
    var gradients = Gradients([Tensor]())
    let inputGradients = try layer.backward(
      content.list("outputGradient"), cache, [], BackwardContext(), into: &gradients)
    for (got, name) in [(outputs, "output"), (inputGradients, "inputGradient")] {
      let expected = content.list(name)
      #expect(got.count == expected.count)
      for (got, expected) in zip(got, expected) { expectClose(got, expected, "\(name)") }
    }
  }

  private func checkComputation<O: Operator>(_ type: O.Type, _ content: Fixture.Content) throws {
    let configuration = try ConfigurationDecoder.decode(
      O.Configuration.self, from: content.configuration, owner: O.kind)
    let inputs = content.list("input")
    let layer = try O(configuration, inputs: inputs.map(\.shape.withoutBatch))
    let parameters = try layer.parameters.map { try #require(content.tensors["parameter.\($0.name)"]) }
    let expected = content.list("output")
    let outputs = try layer.compute(inputs, parameters, batch: expected[0].shape[0])
    #expect(outputs.count == expected.count)
    for (got, expected) in zip(outputs, expected) { expectClose(got, expected, "output") }
  }

  private func check<L: Layer>(_ type: L.Type, _ content: Fixture.Content) throws {
    // PyTorch has differentiated by the codes, which the layer does only where they are to be trained.
    var values = content.configuration
    if L.kind == RadialBasisOutput.kind { values["trainable"] = true }
    let configuration = try ConfigurationDecoder.decode(L.Configuration.self, from: values, owner: L.kind)
    let inputs = content.list("input")
    let layer = try L(configuration, inputs: inputs.map(\.shape.withoutBatch))
    var parameters: [Tensor] = []
    for parameter in layer.parameters {
      let tensor = try #require(content.tensors["parameter.\(parameter.name)"], "parameter \(parameter.name)")
      #expect(tensor.shape == parameter.shape)
      parameters.append(tensor)
    }
    let expected = try #require(content.tensors["output"])
    if content.isInference {
      expectClose(try layer.infer(inputs, parameters), expected, "output")
      return
    }
    let (output, cache) = try layer.forward(inputs, parameters, TrainingContext(seed: 1))
    expectClose(output, expected, "output")
    if !(layer is any StatefulLayer) { expectClose(try layer.infer(inputs, parameters), expected, "inferred output") }

    var gradients = Gradients(for: parameters)
    let inputGradients = try layer.backward(
      try #require(content.tensors["outputGradient"]), cache, parameters, BackwardContext(), into: &gradients)
    let expectedGradients = content.list("inputGradient")
    #expect(inputGradients.count == expectedGradients.count)
    for (index, (gradient, expected)) in zip(inputGradients, expectedGradients).enumerated() {
      expectClose(gradient, expected, "gradient of input \(index)")
    }
    for (index, parameter) in layer.parameters.enumerated() where parameter.isTrainable {
      let expected = try #require(content.tensors["gradient.\(parameter.name)"])
      expectClose(gradients[index], expected, "gradient of \(parameter.name)")
    }
    if let stateful = layer as? any StatefulLayer {
      checkState(stateful, cache, parameters, content)
    }
  }

  private func checkState<L: StatefulLayer>(
    _ layer: L, _ cache: any Sendable, _ parameters: [Tensor], _ content: Fixture.Content
  ) {
    guard let cache = cache as? L.Cache else {
      Issue.record("a cache of another type")
      return
    }
    var updated = parameters
    layer.updateState(&updated, from: cache)
    for (index, parameter) in layer.parameters.enumerated() {
      guard let expected = content.tensors["updated.\(parameter.name)"] else { continue }
      expectClose(updated[index], expected, "updated \(parameter.name)")
    }
  }

  private func expectClose(_ got: Tensor, _ expected: Tensor, _ what: Comment) {
    #expect(got.shape == expected.shape, what)
    guard got.shape == expected.shape else { return }
    let (got, expected) = (got.elements, expected.elements)
    let scale = expected.reduce(0) { max($0, abs($1)) }
    // Relative to each element; where it is the rest of a cancellation, to what was canceled.
    let worst = zip(got, expected).map { abs($0 - $1) / max(abs($1), 0.01 * scale, 1e-6) }.max() ?? 0
    #expect(worst <= Self.tolerance, what)
  }
}
