import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// How graphs are written down, and what must not be written.
@Suite struct GraphDescriptionTests {
  private static let text = """
    name: twin
    inputs:
      - {name: left, shape: [2, 5, 4]}
      - {name: right, shape: [2, 5, 4]}
    layers:
      - {name: "block1/conv.0:a", kind: convolution, inputs: [left], filters: 2, kernel: 2}
      - {name: first, kind: tanh}
      - {name: b, kind: convolution, inputs: [right], weights: "block1/conv.0:a", filters: 2, kernel: 2}
      - {name: second, kind: tanh}
      - {name: k, kind: constant, shape: [1, 4, 3], value: [0.5]}
      - {name: both, kind: concatenate, inputs: [first, second, k]}
      - {name: part, kind: split, sizes: [1, 4]}
      - {name: f0, kind: flatten, inputs: ["part:0"]}
      - {name: head, kind: dense, units: 3}
      - {name: f1, kind: flatten, inputs: ["part:1"]}
      - {name: tail, kind: dense, units: 2}
    outputs:
      - {layer: head}
      - {layer: tail}

    """

  @Test func yamlSaysTheSameAsSwift() throws {
    #expect(GraphTests.twin.yaml() == Self.text)
    #expect(try ModelDescription(yaml: Self.text) == GraphTests.twin)
    let words = Self.text.replacing("  - {layer: head}\n  - {layer: tail}", with: "  [head, tail]")
    #expect(try ModelDescription(yaml: words) == GraphTests.twin)
    #expect(try ModelDescription(GraphTests.twin.configurationValue, source: "it") == GraphTests.twin)
  }

  @Test func whatBelongsToAnOutputStandsWithIt() throws {
    let text = """
      name: heads
      input: [4]
      layers:
        - {name: a, kind: dense, units: 3}
        - {name: b, kind: dense, inputs: [input], units: 1}
      outputs:
        - {layer: a, loss: {kind: softmaxCrossEntropy}, postprocessing: [{kind: softmax}], labels: [x, "1", z]}
        - {layer: b, loss: {kind: binaryCrossEntropy}, weight: 0.25}

      """
    let description = try ModelDescription(yaml: text)
    #expect(description.yaml() == text)
    #expect(description.loss == KindDescription(kind: "softmaxCrossEntropy"))
    #expect(description.labels == ["x", "1", "z"])
    #expect(description.outputs[1].weight == 0.25)
    #expect(description.outputs.map(\.layer) == ["a", "b"])
    #expect(try ModelDescription(description.configurationValue, source: "it") == description)
  }

  /// One input and one output are written as they were before there could be more.
  @Test func whatIsSingleIsShort() throws {
    var description = ModelDescription("one", input: [4], loss: KindDescription(kind: "meanSquaredError")) {
      Dense.layer("a", units: 3)
    }
    let text = """
      name: one
      input: [4]
      layers:
        - {name: a, kind: dense, units: 3}
      loss: {kind: meanSquaredError}

      """
    #expect(description.yaml() == text)
    guard case .object(let members) = description.configurationValue else { return }
    #expect(members.keys.sorted() == ["input", "layers", "loss", "name"])
    description.inputs[0].name = "x"
    description.output.layer = "a"
    #expect(
      description.yaml() == """
        name: one
        inputs:
          - {name: x, shape: [4]}
        layers:
          - {name: a, kind: dense, units: 3}
        outputs:
          - {layer: a, loss: {kind: meanSquaredError}}

        """)
  }

  @Test func aModelFileKeepsTheGraph() throws {
    let scratch = try ScratchFolder()
    let model = try Model(GraphTests.twin, registry: GraphTests.registry, seed: 5)
    let path = scratch.path("twin.safetensors")
    try ModelFile.save(SavedModel(description: GraphTests.twin, model: model), registry: GraphTests.registry, to: path)
    let loaded = try ModelFile.load(path, registry: GraphTests.registry)
    #expect(loaded.model.inputs == model.inputs)
    #expect(loaded.model.outputs == model.outputs)
    #expect(loaded.description.layers[2].weights == "block1/conv.0:a")
    let tensors = try SafeTensors(contentsOf: path).tensors
    #expect(tensors.keys.sorted() == model.namedParameters.map(\.name).sorted())
    #expect(tensors.count == 6)
    let inputs = Tensors(Tensor(repeating: 0.5, [2, 2, 5, 4]), [Tensor(repeating: -0.25, [2, 2, 5, 4])])
    #expect(try Array(loaded.model.infer(inputs)) == Array(model.infer(inputs)))
    // Loaded and saved again, it is the same file.
    let second = scratch.path("again.safetensors")
    try ModelFile.save(loaded, registry: GraphTests.registry, to: second)
    func bytes(_ path: String) throws -> [UInt8] {
      let reader = try FileReader(path)
      return try reader.read(at: 0, count: reader.count)
    }
    #expect(try bytes(second) == bytes(path))
  }

  struct Fault: CustomTestStringConvertible {
    let problem: String
    let change: @Sendable (inout ModelDescription) -> Void

    init(_ problem: String, _ change: @escaping @Sendable (inout ModelDescription) -> Void) {
      self.problem = problem
      self.change = change
    }

    var testDescription: String { problem }
  }

  static let faults = [
    Fault("nothing uses the input 'right'") { $0.layers[2].inputs = ["left"] },
    Fault("two inputs are named 'left'") { $0.inputs[1].name = "left" },
    Fault("it has no inputs") { $0.inputs = [] },
    Fault("a layer cannot be named 'left': that is the model's own input") { $0.layers[1].name = "left" },
    Fault("'outputs' is empty") { $0.outputs = [] },
    Fault("'outputs': no layer before it is named 'haed'; did you mean 'head'?") { $0.outputs[0].layer = "haed" },
    Fault("'outputs' names 'tail' twice") { $0.outputs[0].layer = "tail" },
    Fault("an output must be a layer's, but 'left' is an input") { $0.outputs[0].layer = "left" },
    Fault("nothing uses the output of layer 'head'") { $0.outputs.removeFirst() },
    Fault("no layer before it is named 'part:2'; did you mean 'part:0'?") { $0.layers[7].inputs = ["part:2"] },
    Fault("'part:1' is both a layer and output 1 of layer 'part'") { $0.layers[5].name = "part:1" },
    Fault("'sizes' must be numbers whose sum is the input's 5 channels, but is [2, 4]") {
      $0.layers[6].configuration["sizes"] = [2, 4]
    },
    Fault("layer 'b': 'weights' must name a layer, but 'left' is none") { $0.layers[2].weights = "left" },
    Fault("the 'weights' of layer 'b': no layer before it is named 'second'") { $0.layers[2].weights = "second" },
    Fault(
      "layer 'b' cannot use the weights of 'block1/conv.0:a', which are kernel [2, 2, 2, 2], bias [2]; it needs "
        + "kernel [2, 2, 3, 2], bias [2]"
    ) { $0.layers[2].configuration["kernel"] = [3, 2] },
    Fault("layer 'second' cannot use the weights of 'b', which are kernel [2, 2, 2, 2], bias [2]; it needs none") {
      $0.layers[3].weights = "b"
    },
    Fault("'a b' is no valid layer name; use letters, digits, '-', '_', '/', '.' and ':', 256 at most") {
      $0.layers[0].name = "a b"
    },
    Fault("constant: takes no inputs, but 1 is connected") { $0.layers[4].inputs = ["first"] },
  ]

  @Test(arguments: faults) func whatDoesNotGoTogetherIsToldBeforeItRuns(fault: Fault) throws {
    var description = GraphTests.twin
    fault.change(&description)
    let error = #expect(throws: ModelError.self) {
      try Model(description, registry: GraphTests.registry, seed: 1)
    }
    #expect(error?.description.contains(fault.problem) == true, "\(error?.description ?? "")")
  }

  @Test func aPointInANameDoesNotMixUpWeights() throws {
    let description = ModelDescription("names", input: [3]) {
      Dense.layer("a", units: 3)
      Dense.layer("a.weight", units: 3)
    }
    let model = try Model(description, registry: GraphTests.registry, seed: 1)
    #expect(model.namedParameters.map(\.name) == ["a.weight", "a.bias", "a.weight.weight", "a.weight.bias"])
  }
}
