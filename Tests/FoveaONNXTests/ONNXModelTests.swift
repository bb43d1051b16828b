import FoveaCore
import FoveaModel
import Testing

@testable import FoveaONNX

@Suite struct ONNXModelTests {
  private func floats(_ values: [Float], _ dimensions: [Int]) -> ONNXValue { .tensor(ONNXTensor(values, dimensions)) }

  @Test func computesWhatONNXDoes() throws {
    let model = try ONNXModel(path: Fixture.path("Samples/ONNX/small.onnx"))
    let images = try ONNXTensor(try NumPyArray(path: Fixture.path("Samples/ONNX/images.npy")))
    let expected = try ONNXTensor(try NumPyArray(path: Fixture.path("Samples/ONNX/scores.npy")))
    let scores = try #require(try model.run(inputs: ["image": .tensor(images)])["scores"]?.tensor)
    #expect(scores.dimensions == [2, 4])
    for (a, b) in zip(scores.floats, expected.floats) { #expect((a - b).magnitude < 1e-5) }
  }

  @Test func sortsNodesAndReadsWeightsFromAnotherFile() throws {
    let model = try Fixture.model("unsorted")
    #expect(model.inputNames == ["x", "flag"])
    for (flag, expected) in [(true, [2, 6, 12] as [Float]), (false, [0, 2, 6])] {
      let inputs = ["x": floats([1, 2, 3], [3]), "flag": .tensor(ONNXTensor(scalar: flag))]
      #expect(try model.run(inputs: inputs)["y"]?.tensor?.floats == expected)
    }
    // What has a value of its own may be given another.
    let inputs = [
      "x": floats([1, 2, 3], [3]), "flag": .tensor(ONNXTensor(scalar: true)), "w": floats([2, 2, 2], [3]),
    ]
    #expect(try model.run(inputs: inputs)["y"]?.tensor?.floats == [4, 6, 8])
  }

  @Test func computesFunctionsOfTheFile() throws {
    let result = try Fixture.model("function").run(inputs: ["x": floats([1, -1, 2], [3])])
    #expect(result["y"]?.tensor?.floats == [2, -1, 4])
  }

  @Test func namesAllUnknownOperatorsAtOnce() throws {
    let model = try Fixture.model("stranger")
    let expected = UnsupportedOperator(
      domain: "com.example", name: "Triple", version: 1, count: 2, nodes: ["thrice", "again"])
    #expect(model.unsupported == [expected])
    let error = #expect(throws: ONNXError.self) { try model.run(inputs: ["x": floats([1, 2, 3], [3])]) }
    #expect(error?.description.contains("com.example::Triple (2 nodes, first 'thrice')") == true)
  }

  @Test func takesOperatorsOfOthers() throws {
    var operators = ONNXOperators.standard
    try operators.register(
      ONNXOperator("Triple", domain: "com.example") { call in
        let input = try call.tensor(0)
        return [.tensor(ONNXTensor(input.floats.map { 3 * $0 }, input.dimensions))]
      })
    let model = try ONNXModel(path: Fixture.path("Tests/Fixtures/ONNX/stranger.onnx"), operators: operators)
    #expect(try model.run(inputs: ["x": floats([1, -1, 2], [3])])["y"]?.tensor?.floats == [18, -9, 36])
    #expect(throws: ONNXOperatorError.taken(domain: "", name: "Relu")) {
      try operators.register(ONNXOperator("Relu") { _ in [] })
    }
  }

  @Test func computesKindsOfARegistry() throws {
    // A node of somebody's own domain, with its weights as the last inputs.
    let weight = [2, 3].reduce(Message()) { $0.number(1, $1) }.number(2, 1).text(8, "w")
    let filled = [1, 0, 0, 0, 2, 0].reduce(weight) { message, number in
      message.bytes(4, withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) })
    }
    let graph = Message.graph(
      [
        Message.node(
          "Dense", domain: "com.example", ["x", "w"], ["y"], [Message.integer("units", 2), Message.integer("bias", 0)])
      ],
      inputs: [Message.info("x", [1, 3])], outputs: [Message.info("y", [1, 2])], initializers: [filled])
    let bytes = Message.model(graph)
    #expect(try ONNXModel(bytes: bytes, name: "kind.onnx").unsupported.count == 1)
    let model = try ONNXModel(bytes: bytes, name: "kind.onnx", operators: .standard.including(Fixture.registry))
    #expect(try model.run(inputs: ["x": floats([3, 4, 5], [1, 3])])["y"]?.tensor?.floats == [3, 8])
    let made = try ONNXImport(model, registry: Fixture.registry, name: "kind")
    #expect(made.description.layers.map(\.kind) == ["dense"] && made.remaining.isEmpty)
  }

  @Test func saysWhatInputsMustBe() throws {
    let model = try Fixture.model("mixed")
    let wrong: [(inputs: [String: ONNXValue], words: String)] = [
      ([:], "input 'x': expected float32[n, 5], but got nothing"),
      (["x": floats([1], [1, 1])], "expected float32[n, 5], but got float32[1, 1]"),
      (["x": floats([1, 2], [1, 5])], "expected as many elements as its dimensions say, but got dimensions [1, 5]"),
      (["x": floats([1, 2], [.max, .max])], "expected as many elements as its dimensions say"),
      (["x": floats([1], [1, 1]), "z": floats([1], [1])], "input 'z': expected one of x"),
    ]
    for (inputs, words) in wrong {
      let error = #expect(throws: ONNXError.self) { try model.run(inputs: inputs) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }
}
