import FoveaCore
import FoveaModel
import Testing

@testable import FoveaONNX

/// Nodes that stay as they are become what a later operator set has for them.
@Suite struct LaterNodeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let version: Int64
    let type: String
    var inputs: [String] = ["x"]
    var attributes: [Message] = []
    var testDescription: String { "\(type) of \(version)" }
  }

  static let cases: [Case] = [
    Case(version: 11, type: "Softmax", attributes: [Message.integer("axis", 1)]),
    Case(version: 9, type: "LogSoftmax", attributes: [Message.integer("axis", 2)]),
    Case(version: 12, type: "Hardmax"), Case(version: 12, type: "Softmax", attributes: [Message.integer("axis", -1)]),
    Case(version: 11, type: "ReduceSum", attributes: [Message.integers("axes", [2, 3])]),
    Case(version: 13, type: "ReduceL2", attributes: [Message.integers("axes", [1]), Message.integer("keepdims", 0)]),
    Case(version: 13, type: "ReduceMax", attributes: [Message.integers("axes", [-1])]),
    Case(version: 6, type: "Clip", attributes: [Message.integer("min", -1), Message.integer("max", 1)]),
    Case(version: 10, type: "Clip", attributes: [Message.integer("max", 1)]),
    Case(
      version: 10, type: "Pad",
      attributes: [Message.integers("pads", [0, 0, 1, 2, 0, 0, 0, 1]), Message.integer("value", 3)]),
    Case(
      version: 9, type: "Slice",
      attributes: [
        Message.integers("starts", [1, 0]), Message.integers("ends", [3, 2]), Message.integers("axes", [2, 3]),
      ]),
    Case(version: 9, type: "Upsample", inputs: ["x", "scales"], attributes: [Message.text("mode", "linear")]),
    Case(version: 10, type: "Resize", inputs: ["x", "scales"], attributes: [Message.text("mode", "nearest")]),
    Case(version: 16, type: "Celu", attributes: [Message.integer("alpha", 2)]),
  ]

  @Test(arguments: cases, [13, 17, 18, 22]) func computesTheSame(_ each: Case, operatorSet: Int) throws {
    let graph = Message.graph(
      [Message.node(each.type, each.inputs, ["y"], each.attributes), Message.node("Erf", ["y"], ["z"])],
      inputs: [Message.info("x", [1, 2, 4, 3])], outputs: [Message().text(1, "z")],
      initializers: each.inputs.count > 1 ? [Message.tensor("scales", ONNXTensor(floats: [1, 1, 2, 3], [4]))] : [])
    let source = try ONNXModel(bytes: Message.model(graph, version: each.version), name: "old.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "old")
    // What becomes a layer is none of this test's.
    try #require(made.description.layers.contains { $0.kind == "onnx" && $0.name == "y" })
    guard operatorSet >= Int(each.version) else { return }
    var settings = ONNXExport.Settings()
    settings.operatorSet = operatorSet
    let saved = SavedModel(description: made.description, model: made.model)
    let export = try ONNXExport(saved, registry: Fixture.registry, settings: settings)
    var random = SeededRandom(seed: 9)
    let x = Tensor((0..<48).map { _ in random.uniform(in: -3...3) }, [2, 2, 4, 3])
    let again = try ONNXModel(bytes: export.bytes, name: "new.onnx").run(inputs: [
      export.inputs[0]: .tensor(ONNXTensor(x))
    ])
    let result = try #require(again[export.outputs[0]]?.tensor?.floats)
    let expected = try made.model.infer(x).elements
    #expect(result.count == expected.count)
    #expect(zip(result, expected).allSatisfy { ($0 - $1).magnitude < 1e-5 })
    // Whole numbers keep their point.
    if each.type == "Celu" {
      let node = try #require(again.isEmpty ? nil : ONNXModel(bytes: export.bytes, name: "new.onnx").graph.nodes.first)
      if case .float(2)? = node.attributes["alpha"] {} else { Issue.record("\(node.attributes)") }
    }
  }

  @Test func anotherOperatorIsRefused() throws {
    let graph = Message.graph(
      [Message.node("GroupNormalization", ["x", "s", "b"], ["y"], [Message.integer("num_groups", 1)])],
      inputs: [Message.info("x", [1, 2, 4, 3])], outputs: [Message.info("y", [1, 2, 4, 3])],
      initializers: ["s", "b"].map { Message.tensor($0, ONNXTensor(floats: [1], [1])) })
    let source = try ONNXModel(bytes: Message.model(graph, version: 18), name: "old.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "old")
    var settings = ONNXExport.Settings()
    settings.operatorSet = 22
    let saved = SavedModel(description: made.description, model: made.model)
    let error = #expect(throws: ONNXExportError.self) {
      try ONNXExport(saved, registry: Fixture.registry, settings: settings)
    }
    #expect(error?.description.contains("is another one in 22") == true, "\(error?.description ?? "")")
  }
}
