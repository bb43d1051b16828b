import FoveaCore
import FoveaModel
import Testing

@testable import FoveaONNX

@Suite struct ONNXImportTests {
  @Test func aNetworkBecomesLayers() throws {
    let source = try ONNXModel(path: Fixture.path("Samples/ONNX/small.onnx"))
    let made = try ONNXImport(source, registry: Fixture.registry, name: "small")
    #expect(made.remaining.isEmpty)
    #expect(
      made.description.layers.map(\.kind) == [
        "convolution", "batchNormalization", "relu", "maximumPooling", "convolution", "leakyRelu", "add", "concatenate",
        "globalAveragePooling", "dense",
      ])
    // Nodes keep their names, and an output its own.
    #expect(made.model.nodes.map(\.name).first == "/stem/Conv")
    #expect(made.model.outputs.map(\.name) == ["scores"])
    #expect(made.model.inputs.map(\.name) == ["image"] && made.model.inputShape == [3, 17, 20])
    let images = try NumPyArray(path: Fixture.path("Samples/ONNX/images.npy")).tensor(path: "images.npy")
    let expected = try NumPyArray(path: Fixture.path("Samples/ONNX/scores.npy")).tensor(path: "scores.npy")
    let scores = try made.model.infer(images)
    for (a, b) in zip(scores.elements(of: Float.self), expected.elements(of: Float.self)) {
      #expect((a - b).magnitude < 1e-5)
    }
  }

  @Test func partsOfTodaysNetworksBecomeLayers() throws {
    let made = try ONNXImport(try Fixture.model("mobile"), registry: Fixture.registry, name: "mobile")
    #expect(made.remaining.isEmpty, "\(made.remaining)")
    #expect(
      made.description.layers.map(\.kind) == [
        "zeroPadding", "convolution", "relu6", "convolution", "silu", "adaptiveAveragePooling", "convolution", "relu",
        "convolution",
        "hardSigmoid", "multiply", "hardSwish", "prelu", "elu", "scaleShift", "scaleShift", "averagePooling",
        "dropout",
        "globalAveragePooling", "dense", "tanh", "softmax",
      ])
    #expect(made.endsWithConfidences && made.largestDifference < 1e-5)
  }

  @Test func whatIsNoLayerStaysANode() throws {
    let made = try ONNXImport(try Fixture.model("mixed"), registry: Fixture.registry, name: "mixed")
    // A product and the sum behind it are one layer.
    #expect(made.description.layers.map(\.kind) == ["dense", "onnx", "onnx"])
    #expect(made.remaining.map(\.operator) == ["Erf", "CumSum"])
    #expect(made.model.nodes.map(\.name) == ["product", "erf", "sums"])
    let input = Tensor((0..<15).map { Float($0) / 10 }, [3, 5])
    let source = try Fixture.model("mixed").run(inputs: ["x": .tensor(ONNXTensor(input))])
    let expected = try #require(source["sums"]?.tensor?.floats)
    for (a, b) in zip(try made.model.infer(input).elements(of: Float.self), expected) {
      #expect((a - b).magnitude < 1e-5)
    }
  }

  @Test func whatLooksAcrossTheBatchIsRefused() throws {
    // Sums along the batch itself.
    let graph = Message.graph(
      [Message.node("CumSum", ["x", "axis"], ["y"])], inputs: [Message.info("x", [1, 3])],
      outputs: [Message.info("y", [1, 3])], initializers: [Message.wholes("axis", [0], [])])
    let source = try ONNXModel(bytes: Message.model(graph), name: "across.onnx")
    let error = #expect(throws: ONNXError.self) { try ONNXImport(source, registry: Fixture.registry, name: "across") }
    #expect(error?.description.contains("as a model it computes") == true, "\(error?.description ?? "")")
  }

  @Test func aSumBehindAProductOfOtherUseStaysASum() throws {
    // The rectifier must not see what is added behind another name of the product.
    let graph = Message.graph(
      [
        Message.node("MatMul", ["x", "w"], ["d"]), Message.node("Identity", ["d"], ["i"]),
        Message.node("Add", ["i", "b"], ["y"]), Message.node("Relu", ["d"], ["z"]),
      ],
      inputs: [Message.info("x", [1, 3])], outputs: [Message.info("y", [1, 2]), Message.info("z", [1, 2])],
      initializers: [
        Message.tensor("w", ONNXTensor(floats: [1, 2, 3, 4, 5, 6], [3, 2])),
        Message.tensor("b", ONNXTensor(floats: [7, 8], [2])),
      ])
    let source = try ONNXModel(bytes: Message.model(graph), name: "uses.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "uses")
    #expect(made.description.layers.map(\.kind) == ["dense", "scaleShift", "relu"])
    #expect(made.largestDifference < 1e-5)
  }

  @Test func whatALayerRefusesStaysANode() throws {
    let graph = Message.graph(
      [Message.node("Conv", ["x", "w"], ["y"], [Message.integers("strides", [1 << 25, 1 << 25])])],
      inputs: [Message.info("x", [1, 1, 3, 3])], outputs: [Message.info("y", [1, 1, 1, 1])],
      initializers: [Message.tensor("w", ONNXTensor(floats: [2], [1, 1, 1, 1]))])
    let source = try ONNXModel(bytes: Message.model(graph), name: "stride.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "stride")
    #expect(made.remaining.map(\.operator) == ["Conv"])
    #expect(made.remaining.first?.reason.contains("'stride' must be at most 16777216") == true, "\(made.remaining)")
  }

  @Test func openSizesAreRefused() throws {
    let open = Message().text(1, "x").message(
      2,
      Message().message(
        1,
        Message().number(1, 1).message(
          2, Message().message(1, Message().number(1, 1)).message(1, Message().text(2, "width")))))
    let graph = Message.graph(
      [Message.node("Relu", ["x"], ["y"])], inputs: [open], outputs: [Message.info("y", [1, 3])])
    let source = try ONNXModel(bytes: Message.model(graph), name: "open.onnx")
    let error = #expect(throws: ONNXError.self) { try ONNXImport(source, registry: Fixture.registry, name: "open") }
    #expect(error?.description.contains("but for images' height and width") == true)
  }

  /// An input whose extents are known, or named.
  private static func info(_ name: String, _ extents: [Any]) -> Message {
    let shape = extents.reduce(Message()) { message, extent in
      let dimension =
        (extent as? Int).map { Message().number(1, Int64($0)) } ?? Message().text(2, extent as? String ?? "")
      return message.message(1, dimension)
    }
    return Message().text(1, name).message(2, Message().message(1, Message().number(1, 1).message(2, shape)))
  }

  private static let kernel = Message.tensor(
    "w", ONNXTensor(floats: (0..<54).map { Float($0 % 7) - 3 }, [2, 3, 3, 3]))

  @Test func whatIsRepeatedBecomesALayerOfItsOwn() throws {
    // An attention over places, as of CBAM, and other sums of several sizes.
    let graph = Message.graph(
      [
        Message.node("Conv", ["x", "w"], ["maps"]), Message.node("Conv", ["maps", "one"], ["line"]),
        Message.node("Sigmoid", ["line"], ["gate"]), Message.node("Mul", ["maps", "gate"], ["seen"]),
        Message.node("GlobalAveragePool", ["seen"], ["mean"]), Message.node("Sub", ["seen", "mean"], ["less"]),
        Message.node("Max", ["line", "less", "mean"], ["most"]), Message.node("Expand", ["gate", "shape"], ["wide"]),
        Message.node("Add", ["mean", "line"], ["sum"]), Message.node("Min", ["wide", "most"], ["least"]),
        Message.node("Mean", ["sum", "least", "maps"], ["y"]),
      ],
      inputs: [Self.info("x", [1, 3, 6, 5])], outputs: [Self.info("y", [1, 2, 4, 3])],
      initializers: [
        Self.kernel, Message.tensor("one", ONNXTensor(floats: [1, -2], [1, 2, 1, 1])),
        Message.wholes("shape", [1, 2, 1, 1], [4]),
      ])
    let source = try ONNXModel(bytes: Message.model(graph), name: "repeated.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "repeated")
    #expect(made.remaining.isEmpty, "\(made.remaining)")
    // A value that is repeated to one shape is so once.
    #expect(made.description.layers.count { $0.kind == "broadcast" } == 3)
    #expect(made.largestDifference < 1e-5)
    #expect(made.model.nodes.allSatisfy { $0.layer is any Layer })
  }

  @Test func openImagesStayOpen() throws {
    let graph = Message.graph(
      [
        Message.node("Conv", ["x", "w"], ["c"]), Message.node("Relu", ["c"], ["r"]),
        Message.node("GlobalAveragePool", ["r"], ["p"]), Message.node("Flatten", ["p"], ["y"]),
      ],
      inputs: [Self.info("x", ["batch", 3, "height", "width"])], outputs: [Self.info("y", ["batch", 2])],
      initializers: [Self.kernel])
    let source = try ONNXModel(bytes: Message.model(graph), name: "open.onnx")
    let error = #expect(throws: ONNXError.self) { try ONNXImport(source, registry: Fixture.registry, name: "open") }
    #expect(error?.description.contains("--input-size, such as 224") == true)
    let made = try ONNXImport(
      source, registry: Fixture.registry, name: "open", inputSize: ImageSize(width: 9, height: 7))
    #expect(made.model.inputShape == [3, 7, 9] && made.model.inputs.head.open == [.height, .width])
    #expect(made.remaining.isEmpty)
  }

  @Test func whatIsMadeForOneSizeKeepsIt() throws {
    let graph = Message.graph(
      [
        Message.node("Conv", ["x", "w"], ["c"]), Message.node("Flatten", ["c"], ["f"]),
        Message.node("MatMul", ["f", "m"], ["y"]),
      ],
      inputs: [Self.info("x", ["batch", 3, "height", "width"])], outputs: [Self.info("y", ["batch", 1])],
      initializers: [Self.kernel, Message.tensor("m", ONNXTensor(floats: Array(repeating: 1, count: 8), [8, 1]))])
    let source = try ONNXModel(bytes: Message.model(graph), name: "fixed.onnx")
    let made = try ONNXImport(
      source, registry: Fixture.registry, name: "fixed", inputSize: ImageSize(width: 4, height: 4))
    #expect(made.model.inputShape == [3, 4, 4] && made.model.inputs.head.open.isEmpty)
  }

  @Test func channelsThatComeLastAreTheModelsFirst() throws {
    let graph = Message.graph(
      [
        Message.node("Transpose", ["x"], ["t"], [Message.integers("perm", [0, 3, 1, 2])]),
        Message.node("Conv", ["t", "w"], ["c"]), Message.node("Relu", ["c"], ["y"]),
      ], inputs: [Self.info("x", [1, 5, 6, 3])], outputs: [Self.info("y", [1, 2, 3, 4])], initializers: [Self.kernel])
    let source = try ONNXModel(bytes: Message.model(graph), name: "last.onnx")
    let made = try ONNXImport(source, registry: Fixture.registry, name: "last")
    #expect(made.description.layers.map(\.kind) == ["convolution", "relu"])
    #expect(made.model.inputShape == [3, 5, 6] && made.largestDifference < 1e-5)
  }
}
