import Foundation
import FoveaCore
import FoveaExplanation
import FoveaLayers
import FoveaModel
import Testing

/// A network, inputs, and what other programs say of them: Tests/Fixtures/Generators/explanation_fixtures.py.
struct ExplanationFixture {
  let model: Model
  let input: Tensor
  let scores: Tensor
  let layer: String
  let targets: [Int]
  let maps: [String: Tensor]

  static let registry: Registry = {
    var registry = Registry()
    do { try BuiltinLayers.register(in: &registry) } catch { preconditionFailure("\(error)") }
    return registry
  }()

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Explanations")
    let file = try SafeTensors(contentsOf: folder.appendingPathComponent("\(name).safetensors").path)
    var tensors = file.tensors
    input = try #require(tensors["input"])
    scores = try #require(tensors["scores"])
    for name in ["input", "scores"] { tensors.removeValue(forKey: name) }
    layer = try #require(file.metadata["layer"])
    targets = try JSONDecoder().decode([Int].self, from: Data(#require(file.metadata["targets"]).utf8))
    let weights = ["c1.", "n1.", "c2.", "c3.", "d."]
    maps = tensors.filter { tensor in !weights.contains { tensor.key.hasPrefix($0) } }
    for name in maps.keys { tensors.removeValue(forKey: name) }
    let description = try ModelDescription(yaml: #require(file.metadata["description"]))
    model = try Model(description, registry: Self.registry, tensors: tensors)
  }

  func picture(_ row: Int, layer: String? = nil, pool: WorkerPool? = nil) throws -> ExplainedPicture {
    ExplainedPicture(
      try ExplainedModel(model, layer: layer ?? self.layer), input: input.rows(row..<row + 1),
      target: ExplainedTarget(targets[row]), on: pool)
  }
}

/// The largest difference, as a share of the largest magnitude that is expected.
func difference(_ values: [Float], _ expected: [Float]) -> Float {
  guard values.count == expected.count else { return .infinity }
  let most = max(expected.reduce(0) { max($0, abs($1)) }, 1e-6)
  return zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / most
}
