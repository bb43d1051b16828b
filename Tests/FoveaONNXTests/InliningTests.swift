import FoveaCore
import FoveaModel
import Testing

@testable import FoveaONNX

/// What a file calls, or decides upon constants alone, becomes layers as if it stood there.
@Suite struct InliningTests {
  private static let x = Message.info("x", [1, 3])
  private static let y = Message.info("y", [1, 3])

  private static func branch(_ nodes: [Message], _ output: String, _ initializers: [Message] = []) -> Message {
    graph(nodes, outputs: [Message().text(1, output)], initializers: initializers)
  }

  private static func graph(
    _ nodes: [Message], inputs: [Message] = [], outputs: [Message], initializers: [Message] = []
  ) -> Message {
    Message.graph(nodes, inputs: inputs, outputs: outputs, initializers: initializers)
  }

  private static func choice(_ condition: String, _ output: String, then: Message, else other: Message) -> Message {
    Message.node(
      "If", [condition], [output], [Message.graph("then_branch", then), Message.graph("else_branch", other)])
  }

  private static func function(
    _ name: String, _ inputs: [String], _ outputs: [String], _ nodes: [Message], version: Int64 = 17
  ) -> Message {
    var function = Message().text(1, name).text(10, "com.example")
    for input in inputs { function = function.text(4, input) }
    for output in outputs { function = function.text(5, output) }
    for node in nodes { function = function.message(7, node) }
    return function.message(9, Message().text(1, "").number(2, version))
  }

  private static func call(_ name: String, _ inputs: [String], _ outputs: [String], _ attributes: [Message] = [])
    -> Message
  {
    Message.node(name, domain: "com.example", inputs, outputs, attributes)
  }

  private static func imported(_ graph: Message, functions: [Message] = []) throws -> ONNXImport {
    let bytes =
      functions.reduce(Message()) { $0.message(25, $1) }.bytes + Message.model(graph)
      + Message().message(8, Message().text(1, "com.example").number(2, 1)).bytes
    return try ONNXImport(
      try ONNXModel(bytes: bytes, name: "inlined.onnx"), registry: Fixture.registry, name: "inlined")
  }

  @Test(arguments: [true, false]) func theBranchThatIsTakenStandsForIt(holds: Bool) throws {
    // Another decision within the first, on a shape; weights of a branch's own; an output that is only handed on.
    let inner = Self.choice(
      "isWide", "chosen", then: Self.branch([Message.node("Sigmoid", ["x"], ["s"])], "s"),
      else: Self.branch([Message.node("Tanh", ["x"], ["s"])], "s"))
    let then = Self.branch(
      [
        Message.node("Shape", ["x"], ["shape"]), Message.node("Gather", ["shape", "one"], ["width"]),
        Message.node("Greater", ["width", "one"], ["isWide"]), inner,
        Message.node("Mul", ["chosen", "factor"], ["product"]),
      ],
      "product",
      [Message.tensor("factor", ONNXTensor(floats: [2], [1])), Message.wholes("one", [1], [])])
    let graph = Self.graph(
      [
        Message.node("Not", ["no"], ["yes"]), Self.choice("yes", "z", then: then, else: Self.branch([], "x")),
        Message.node("Relu", ["z"], ["y"]),
      ],
      inputs: [Self.x], outputs: [Self.y], initializers: [Message.tensor("no", ONNXTensor(scalar: !holds))])
    let made = try Self.imported(graph)
    #expect(made.remaining.isEmpty, "\(made.remaining)")
    #expect(made.description.layers.map(\.kind) == (holds ? ["sigmoid", "scaleShift", "relu"] : ["relu"]))
    if holds {
      #expect(made.model.nodes.map(\.name).first?.hasPrefix("z/chosen/") == true, "\(made.model.nodes.map(\.name))")
    }
  }

  @Test func calledFunctionsStandForTheirCalls() throws {
    let reference = Message().text(1, "alpha").text(21, "slope").number(20, 1)
    // The same function twice, once without its second input and with an attribute; one that calls another; graphs that see names
    // of the function.
    let leak = Self.function("Leak", ["a"], ["b"], [Message.node("LeakyRelu", ["a"], ["b"], [reference])])
    let twice = Self.function(
      "Twice", ["a", "b"], ["first", "second"],
      [
        Self.call("Leak", ["a"], ["first"], [Message().text(1, "slope").text(21, "outer").number(20, 1)]),
        Message.node(
          "Constant", [], ["yes"],
          [Message().text(1, "value").message(5, Message.tensor("", ONNXTensor(scalar: true))).number(20, 4)]),
        Self.choice(
          "yes", "second", then: Self.branch([Message.node("Clip", ["first", "", "b"], ["a2"])], "a2"),
          else: Self.branch([Message.node("Neg", ["first"], ["a2"])], "a2")),
      ])
    let graph = Self.graph(
      [
        Self.call("Twice", ["x", "most"], ["b", "z"]),
        Self.call("Twice", ["z"], ["", "y"], [Message.integer("outer", 0)]),
      ],
      inputs: [Self.x], outputs: [Self.y, Message.info("b", [1, 3])],
      initializers: [Message.tensor("most", ONNXTensor(floats: [0.5], []))])
    let made = try Self.imported(graph, functions: [leak, twice])
    #expect(made.description.layers.map(\.kind).filter { $0 == "leakyRelu" }.count == 2)
    #expect(!made.model.nodes.contains { $0.name.contains("com.example") })
    #expect(made.largestDifference < 1e-6)
    #expect(made.model.outputs.map(\.name) == ["y", "b"])
  }

  @Test func aFunctionComputesByItsOwnOperatorSets() throws {
    // Limits were attributes once; of what becomes no layer, and of what a branch holds, too.
    let six = Message.node("Clip", ["a"], ["c"], [Message.integer("min", 0), Message.integer("max", 6)])
    let odd = Message.node("Clip", ["c"], ["d"], [Message.integer("min", -1), Message.integer("max", 1)])
    let function = Self.function(
      "Old", ["a"], ["b"],
      [
        six,
        Message.node(
          "Constant", [], ["yes"],
          [
            Message().text(1, "value").message(5, Message.tensor("", ONNXTensor(scalar: true))).number(20, 4)
          ]), Self.choice("yes", "b", then: Self.branch([odd], "d"), else: Self.branch([], "c")),
      ], version: 6)
    let graph = Self.graph([Self.call("Old", ["x"], ["y"])], inputs: [Self.x], outputs: [Self.y])
    let made = try Self.imported(graph, functions: [function])
    #expect(made.description.layers.map(\.kind) == ["relu6", "onnx"])
    #expect(made.largestDifference < 1e-6)
  }

  @Test func theFilesOwnFunctionComesBeforeALayerOfItsName() throws {
    // Both of its domain's kinds and inside of it, where 'u' is another one than around the call.
    let relu = Self.function(
      "Relu", ["a", "b"], ["c"],
      [
        Message.node(
          "Constant", [], ["yes"],
          [Message().text(1, "value").message(5, Message.tensor("", ONNXTensor(scalar: true))).number(20, 4)]),
        Self.choice(
          "yes", "c",
          then: Self.branch([Message.node("Neg", ["a"], ["u"]), Message.node("Sub", ["u", "b"], ["t"])], "t"),
          else: Self.branch([], "a")),
      ])
    let graph = Self.graph(
      [Message.node("Sigmoid", ["x"], ["u"]), Self.call("Relu", ["x", "u"], ["y"])], inputs: [Self.x],
      outputs: [Self.y])
    let made = try Self.imported(graph, functions: [relu])
    #expect(made.description.layers.map(\.kind) == ["sigmoid", "onnx", "subtract"])
    let result = try made.model.infer(Tensor([1, 0, -2], [1, 3])).elements
    #expect((result[0] + 1.731_059).magnitude < 1e-5 && (result[2] - 1.880_797).magnitude < 1e-5, "\(result)")
  }

  @Test func aConditionFromTheInputIsRefused() throws {
    let graph = Self.graph(
      [
        Message.node("ReduceSum", ["x"], ["sum"], [Message.integer("keepdims", 1)]),
        Message.node("Greater", ["sum", "zero"], ["isMore"]),
        Self.choice(
          "isMore", "y", then: Self.branch([Message.node("Relu", ["x"], ["r"])], "r"),
          else: Self.branch([Message.node("Neg", ["x"], ["r"])], "r")),
      ],
      inputs: [Self.x], outputs: [Self.y], initializers: [Message.tensor("zero", ONNXTensor(floats: [0], []))])
    let error = #expect(throws: ONNXError.self) { try Self.imported(graph) }
    #expect(error?.description.contains("it has graphs of its own") == true, "\(error?.description ?? "")")
  }

  @Test func functionsThatCallEachOtherWithoutEndAreRefused() throws {
    let first = Self.function("First", ["a"], ["b"], [Self.call("Second", ["a"], ["b"])])
    let second = Self.function("Second", ["a"], ["b"], [Self.call("First", ["a"], ["b"])])
    let graph = Self.graph([Self.call("First", ["x"], ["y"])], inputs: [Self.x], outputs: [Self.y])
    let error = #expect(throws: ONNXError.self) { try Self.imported(graph, functions: [first, second]) }
    #expect(error?.description.contains("calls itself") == true, "\(error?.description ?? "")")
    // Each calls the next one ten times.
    let many = (0..<9).map { index in
      Self.function(
        "F\(index)", ["a"], ["b"],
        (0..<10).map { Self.call("F\(index + 1)", ["a"], [$0 == 0 ? "b" : "b\($0)"]) })
    }
    let last = Self.function("F9", ["a"], ["b"], [Message.node("Relu", ["a"], ["b"])])
    let wide = Self.graph([Self.call("F0", ["x"], ["y"])], inputs: [Self.x], outputs: [Self.y])
    let limit = #expect(throws: ONNXError.self) { try Self.imported(wide, functions: many + [last]) }
    #expect(limit?.description.contains("more than 200000 nodes") == true, "\(limit?.description ?? "")")
  }
}
