import Foundation
import FoveaCore
import Testing

/// What PyTorch, SciPy or Matplotlib say of one kind; `Tests/Fixtures/generate.py` makes them.
struct PluginFixture {
  let tensors: [String: Tensor]
  let metadata: [String: String]

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures")
    let file = try SafeTensors(contentsOf: folder.appendingPathComponent("\(name).safetensors").path)
    (tensors, metadata) = (file.tensors, file.metadata)
  }

  func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }

  /// Holds a layer's passes to the fixture's.
  func expectAgreement<L: Layer>(with layer: L) throws {
    let parameters = try layer.parameters.map { try tensor("parameter.\($0.name)") }
    let input = try tensor("input")
    let (output, cache) = try layer.forward([input], parameters, TrainingContext(seed: 1))
    expectClose(output, try tensor("output"), "output")
    var gradients = Gradients(for: parameters)
    let inputGradients = try layer.backward(
      try tensor("outputGradient"), cache, parameters, BackwardContext(), into: &gradients)
    expectClose(try #require(inputGradients.first), try tensor("inputGradient"), "input gradient")
    for (index, parameter) in layer.parameters.enumerated() {
      expectClose(gradients[index], try tensor("gradient.\(parameter.name)"), "gradient of \(parameter.name)")
    }
  }

  private func expectClose(_ got: Tensor, _ expected: Tensor, _ what: Comment) {
    #expect(got.shape == expected.shape, what)
    let scale = expected.elements.reduce(0) { max($0, abs($1)) }
    let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= 2e-5 * scale, what)
  }
}
