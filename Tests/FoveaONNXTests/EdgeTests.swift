import FoveaCore
import Testing

@testable import FoveaONNX

/// Graphs at the edge of what can be computed: where there is an error, it says what is wrong, and where there are few or no
/// elements, a result is right.
@Suite struct EdgeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let nodes: [Message]
    let inputs: [String: ONNXTensor]
    var initializers: [Message] = []
    let words: String
    var testDescription: String { name }
  }

  private static var limits: ONNXLimits {
    var limits = ONNXLimits()
    (limits.mostElements, limits.mostNodes, limits.mostSteps) = (1 << 16, 1000, 1 << 20)
    return limits
  }

  private static func floats(_ dimensions: [Int]) -> ONNXTensor { .make(.float32, repeating: 1, dimensions) }
  private static func bytes(_ dimensions: [Int]) -> ONNXTensor { .make(.uint8, repeating: 1, dimensions) }
  private static let three = floats([3])

  /// A loop without end whose state is what the nodes make `w` of `v`.
  private static func loop(_ nodes: [Message], state: String) -> [Message] {
    let body = Message.graph(
      nodes, inputs: [Message.info("i", type: 7, []), Message.info("c", type: 9, []), Message.info("v", [3])],
      outputs: [Message.info("c", type: 9, []), Message.info(state, [3])])
    return [Message.node("Loop", ["", "", "x"], ["y"], [Message.graph("body", body)])]
  }

  static let refused: [Case] = [
    Case(
      name: "a layer gets bytes", nodes: [Message.node("Relu", domain: "x", ["x"], ["y"])],
      inputs: ["x": bytes([1, 100_000])], words: "(x::Relu): relu: expects float32, but its input 1 is uint8"),
    Case(
      name: "a layer has weights of bytes",
      nodes: [
        Message.node(
          "Dense", domain: "x", ["x", "w"], ["y"], [Message.integer("units", 2), Message.integer("bias", 0)])
      ],
      inputs: ["x": floats([1, 3])], initializers: [Message.tensor("w", bytes([2, 3]))],
      words: "its parameter 'weight' must be float32, but is uint8"),
    Case(
      name: "a layer gets two batches", nodes: [Message.node("Add", domain: "x", ["x", "z"], ["y"])],
      inputs: ["x": floats([5, 3]), "z": floats([1, 3])], words: "not all as many"),
    Case(
      name: "a layer gets more axes than a tensor may have", nodes: [Message.node("Relu", domain: "x", ["x"], ["y"])],
      inputs: ["x": floats([1, 1, 1, 1, 1, 1, 1, 1, 1])], words: "there may be at most 8"),
    Case(
      name: "no elements, but large extents", nodes: [Message.node("Identity", ["x"], ["y"])],
      inputs: ["x": ONNXTensor(floats: [], [0, 1 << 62, 1 << 62])], words: "dimensions [0, 4611686018427387904"),
    Case(
      name: "no weights, but large extents", nodes: [Message.node("Identity", ["w"], ["y"])], inputs: ["x": three],
      initializers: [Message.wholes("w", [], [0, 1 << 31, 1 << 31])], words: "dimensions [0, 2147483648, 2147483648]"),
    Case(
      name: "no elements are made, but large extents", nodes: [Message.node("ConstantOfShape", ["s"], ["y"])],
      inputs: ["x": three], initializers: [Message.wholes("s", [0, 1 << 31, 1 << 31], [3])],
      words: "dimensions [0, 2147483648, 2147483648]"),
    Case(
      name: "too few biases",
      nodes: [Message.node("QLinearConv", ["x", "s", "z", "w", "s", "z", "s", "z", "b"], ["y"])],
      inputs: ["x": bytes([1, 1, 3, 3])],
      initializers: [
        Message.tensor("s", floats([])), Message.tensor("z", bytes([])), Message.tensor("w", bytes([2, 1, 1, 1])),
        Message.tensor("b", .make(.int32, repeating: 1, [1])),
      ], words: "a bias of 1 for 2 channels"),
    Case(
      name: "an equation of large extents",
      nodes: [Message.node("Einsum", ["x", "x", "x", "x"], ["y"], [Message.text("equation", "a,b,c,d->abcd")])],
      inputs: ["x": floats([1 << 16])], words: "has more elements than the 65536 allowed"),
    Case(
      name: "an image of large extents",
      nodes: [
        Message.node("Col2Im", ["x", "s", "k"], ["y"], [Message.integers("strides", [1 << 31, 1 << 31, 1 << 31])])
      ],
      inputs: ["x": floats([1, 1, 1])],
      initializers: [Message.wholes("s", [1 << 31, 1 << 31, 1 << 31], [3]), Message.wholes("k", [1, 1, 1], [3])],
      words: "has more elements than the 65536 allowed"),
    Case(
      name: "large blocks of nothing",
      nodes: [Message.node("SpaceToDepth", ["x"], ["y"], [Message.integer("blocksize", 1 << 31)])],
      inputs: ["x": floats([1, 4, 0, 0])], words: "is not made of blocks"),
    Case(
      name: "one axis grows before another shrinks",
      nodes: [Message.node("Resize", ["x", "", "", "s"], ["y"], [Message.text("mode", "linear")])],
      inputs: ["x": floats([1, 1 << 16])], initializers: [Message.wholes("s", [1 << 16, 1], [2])],
      words: "has more elements than the 65536 allowed"),
    Case(
      name: "optional values in optional values", nodes: loop([Message.node("Optional", ["v"], ["w"])], state: "w"),
      inputs: ["x": three], words: "is optional already"),
    Case(
      name: "sequences in sequences", nodes: loop([Message.node("SequenceConstruct", ["v"], ["w"])], state: "w"),
      inputs: ["x": three], words: "input 0 must be a tensor, but is a sequence of 1"),
    Case(
      name: "a loop without nodes", nodes: loop([], state: "v"), inputs: ["x": three],
      words: "1000 nodes have been computed"),
    Case(
      name: "more moves than there is memory for", nodes: [Message.node("ConvTranspose", ["x", "w"], ["y"])],
      inputs: ["x": floats([1, 1, 512])], initializers: [Message.tensor("w", floats([1, 1, 512]))],
      words: "has more elements than the 65536 allowed"),
    Case(
      name: "two inputs of one name", nodes: [Message.node("Identity", ["x"], ["y"])],
      inputs: ["x": three], initializers: [], words: "two inputs are named 'x'"),
  ]

  @Test(arguments: refused) func isRefused(_ test: Case) {
    var inputs = test.inputs.map { Message.info($0.key, $0.value) }
    if test.name == "two inputs of one name" { inputs += inputs }
    let graph = Message.graph(
      test.nodes, inputs: inputs, outputs: [Message.info("y", [3])], initializers: test.initializers)
    let error = #expect(throws: ONNXError.self) {
      let model = try ONNXModel(
        bytes: Message.model(graph, version: 18), name: "edge.onnx", operators: .standard.including(Fixture.registry))
      _ = try model.run(inputs: test.inputs.mapValues { .tensor($0) }, limits: Self.limits)
    }
    #expect(error?.description.contains(test.words) == true, "\(error?.description ?? "")")
  }

  private func output(
    _ nodes: [Message], _ inputs: [String: ONNXTensor], _ initializers: [Message] = [], version: Int64 = 18
  ) throws -> ONNXTensor {
    let graph = Message.graph(
      nodes, inputs: inputs.map { Message.info($0.key, $0.value) }, outputs: [Message.info("y", [3])],
      initializers: initializers)
    let model = try ONNXModel(bytes: Message.model(graph, version: version), name: "edge.onnx")
    return try #require(try model.run(inputs: inputs.mapValues { .tensor($0) }, limits: Self.limits)["y"]?.tensor)
  }

  @Test func nothingIsReversed() throws {
    let result = try output(
      [Message.node("Slice", ["x", "s", "e", "", "s"], ["y"])], ["x": Self.floats([0])],
      [Message.wholes("s", [-1], [1]), Message.wholes("e", [.min], [1])])
    #expect(result.dimensions == [0])
  }

  @Test func windowsOverNothingHaveNoPlace() throws {
    let result = try output(
      [
        Message.node(
          "MaxPool", ["x"], ["y", "places"],
          [
            Message.integers("kernel_shape", [1, 1]), Message.integers("pads", [1, 0, 1, 0]),
            Message.integer("storage_order", 1),
          ])
      ], ["x": Self.floats([1, 1, 0, 3])])
    #expect(result.dimensions == [1, 1, 2, 3])
    #expect(result.floats.allSatisfy { $0 == -.infinity })
  }

  @Test func scansOfOperatorSet8GoBackward() throws {
    let body = Message.graph(
      [Message.node("Identity", ["e"], ["f"])], inputs: [Message.info("e", [])], outputs: [Message.info("f", [])])
    let scan = Message.node(
      "Scan", ["", "x"], ["y"],
      [Message.graph("body", body), Message.integer("num_scan_inputs", 1), Message.integers("directions", [1])])
    let result = try output([scan], ["x": ONNXTensor(floats: [1, 2, 3], [1, 3])], version: 8)
    #expect(result.floats == [3, 2, 1] && result.dimensions == [1, 3])
  }

  @Test(arguments: [("max", 1 << 63), ("min", 1)] as [(String, UInt64)])
  func numbersWithoutASignAreCompared(_ reduction: String, _ expected: UInt64) throws {
    let node = Message.node("ScatterElements", ["x", "i", "u"], ["y"], [Message.text("reduction", reduction)])
    let result = try output(
      [node], ["x": ONNXTensor([1 << 63] as [UInt64], [1]), "u": ONNXTensor([1] as [UInt64], [1])],
      [Message.wholes("i", [0], [1])])
    #expect(result.elements(of: UInt64.self) == [expected])
  }

  @Test func functionsThatCallEachOtherAreLookedAt() throws {
    let count = 20_000
    func function(_ index: Int) -> Message {
      let next = index + 1 == count ? "Stranger" : "F\(index + 1)"
      return Message().text(1, "F\(index)").text(4, "a").text(5, "b")
        .message(7, Message.node(next, domain: "local", ["a"], ["b"])).text(10, "local")
    }
    let graph = Message.graph(
      [Message.node("F0", domain: "local", ["x"], ["y"])], inputs: [Message.info("x", [3])],
      outputs: [Message.info("y", [3])])
    var bytes = Message.model(graph)
    for index in 0..<count { bytes += Message().message(25, function(index)).bytes }
    #expect(try ONNXModel(bytes: bytes, name: "chain.onnx").unsupported.map(\.name) == ["Stranger"])
  }
}
