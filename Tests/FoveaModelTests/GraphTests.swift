import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Several inputs and outputs, layers with several outputs, weights that layers share, constants, and what computes
/// forward only.
@Suite struct GraphTests {
  static let registry: Registry = {
    var registry = Registry()
    do {
      try BuiltinLayers.register(in: &registry)
      try BuiltinPostprocessing.register(in: &registry)
    } catch { Issue.record(error) }
    return registry
  }()

  /// Two pictures through the same convolution, joined with a constant, cut in two, and a head on each part.
  static let twin = ModelDescription(
    "twin",
    inputs: [InputDescription(name: "left", shape: [2, 5, 4]), InputDescription(name: "right", shape: [2, 5, 4])],
    outputs: [OutputDescription("head"), OutputDescription("tail")]
  ) {
    Convolution.layer("block1/conv.0:a", inputs: ["left"], filters: 2, kernel: 2)
    Tanh.layer("first")
    Convolution.layer("b", inputs: ["right"], filters: 2, kernel: 2).sharingWeights(of: "block1/conv.0:a")
    Tanh.layer("second")
    Constant.layer("k", shape: [1, 4, 3], value: [0.5])
    Concatenate.layer("both", inputs: ["first", "second", "k"])
    Split.layer("part", sizes: [1, 4])
    Flatten.layer("f0", inputs: ["part:0"])
    Dense.layer("head", units: 3)
    Flatten.layer("f1", inputs: ["part:1"])
    Dense.layer("tail", units: 2)
  }

  private func make(_ description: ModelDescription = twin, seed: UInt64 = 3) throws -> Model {
    try Model(description, registry: Self.registry, seed: seed)
  }

  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  private func inputs(_ batch: Int) -> Tensors {
    Tensors(draw([batch, 2, 5, 4], 1), [draw([batch, 2, 5, 4], 2)])
  }

  @Test func inputsAndOutputsHaveNames() throws {
    let model = try make()
    #expect(model.inputs.map(\.name) == ["left", "right"])
    #expect(model.outputs.map(\.name) == ["head", "tail"])
    #expect(model.outputs.map(\.shape) == [[3], [2]])
    #expect((model.inputShape, model.outputShape) == ([2, 5, 4], [3]))
    #expect(model.nodes[6].outputShapes == [[1, 4, 3], [4, 4, 3]])
    #expect(model.nodes[9].inputs.map(model.name) == ["part:1"])
    let inputs = inputs(3)
    let named = try model.infer(["right": inputs[1], "left": inputs[0]])
    let ordered = try model.infer(inputs)
    #expect(named == ["head": ordered[0], "tail": ordered[1]])
    #expect(try model.infer(["right": inputs[0], "left": inputs[1]]) != named)
  }

  /// By hand: (1·1 + 2·2, 1·3 + 2·4) + (10, 20), and its two parts doubled and tripled.
  @Test func itComputesWhatIsWritten() throws {
    let description = ModelDescription(
      "sum", inputs: [InputDescription(name: "x", shape: [2]), InputDescription(name: "y", shape: [2])],
      outputs: [OutputDescription("triple"), OutputDescription("double")]
    ) {
      Dense.layer("d", inputs: ["x"], units: 2) { $0.bias = false }
      Add.layer("sum", inputs: ["d", "y"])
      Split.layer("s", sizes: [1, 1])
      Dense.layer("double", inputs: ["s:0"], units: 1) { $0.bias = false }
      Dense.layer("triple", inputs: ["s:1"], units: 1) { $0.bias = false }
    }
    let model = try Model(
      description, registry: Self.registry,
      tensors: [
        "d.weight": Tensor([1, 2, 3, 4], [2, 2]), "double.weight": Tensor([2], [1, 1]),
        "triple.weight": Tensor([3], [1, 1]),
      ])
    let outputs = try model.infer(Tensors(Tensor([1, 2], [1, 2]), [Tensor([10, 20], [1, 2])]))
    #expect(outputs.map(\.elements) == [[93], [30]])
  }

  @Test func manyThreadsAndGroupsGiveTheSame() throws {
    let (model, inputs) = (try make(), inputs(21))
    let expected = try model.infer(inputs)
    let shared = try model.infer(inputs, on: WorkerPool(count: 3))
    let each = try model.inferEach(inputs, on: WorkerPool(count: 2))
    for index in 0..<2 {
      for got in [shared[index], each[index]] {
        for (got, expected) in zip(got.elements, expected[index].elements) { #expect(abs(got - expected) < 1e-5) }
      }
      let alone = try model.inferEach(inputs.rows(20..<21))
      #expect(alone[index] == each[index].rows(20..<21))
    }
  }

  /// Central differences of Σ g·y over both outputs, by every weight.
  @Test func gradientsOfAllOutputsAddUp() throws {
    let (model, inputs) = (try make(), inputs(3))
    let gradients = [draw([3, 3], 5), draw([3, 2], 6)]
    func value(_ model: Model) throws -> Double {
      let outputs = try model.forward(inputs, seed: 1).outputs
      return zip(outputs, gradients).reduce(0) { sum, pair in
        zip(pair.0.elements, pair.1.elements).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    var sums = model.makeGradients()
    try model.backward(
      OneOrMore(gradients[0], [gradients[1]]), model.forward(inputs, seed: 1), into: &sums)
    let weights = Dictionary(uniqueKeysWithValues: model.namedParameters.map { ($0.name, $0.tensor) })
    #expect(
      weights.keys.sorted() == [
        "block1/conv.0:a.bias", "block1/conv.0:a.kernel", "head.bias", "head.weight", "tail.bias", "tail.weight",
      ])
    for (place, (name, _, tensor)) in zip(model.trainableParameters, model.namedParameters) {
      let got = try #require(sums.tensor(of: place)).elements
      for index in 0..<tensor.shape.count {
        func moved(by step: Float) throws -> Double {
          var weights = weights
          var elements = tensor.elements
          elements[index] += step
          weights[name] = Tensor(elements, tensor.shape)
          return try value(Model(Self.twin, registry: Self.registry, tensors: weights))
        }
        let slope = (try moved(by: 0.01) - moved(by: -0.01)) / 0.02
        #expect(abs(Double(got[index]) - slope) < 2e-3 * max(1, abs(slope)), "\(name)[\(index)]")
      }
    }
  }

  @Test func anOutputNeedNotBeLearnedFrom() throws {
    let (model, inputs) = (try make(), inputs(2))
    let pass = try model.forward(inputs, seed: 1)
    var (without, zero) = (model.makeGradients(), model.makeGradients())
    let gradient = draw([2, 3], 7)
    try model.backward(OneOrMore(gradient, [nil]), pass, into: &without)
    try model.backward(OneOrMore(gradient, [Tensor(zeros: [2, 2])]), pass, into: &zero)
    for place in model.trainableParameters where without.tensor(of: place) != nil {
      #expect(without.tensor(of: place) == zero.tensor(of: place))
    }
    #expect(model.trainableParameters.filter { without.tensor(of: $0) == nil }.count == 2)
  }

  /// The gradient, and the second derivatives, are the sums of those that two layers of the same weights have.
  @Test func sharedWeightsGetTheSumOfAllGradients() throws {
    func chain(_ second: LayerDescription) -> ModelDescription {
      ModelDescription("chain", input: [4]) {
        Dense.layer("a", units: 4)
        Tanh.layer()
        second
      }
    }
    let shared = try make(chain(Dense.layer("b", units: 4).sharingWeights(of: "a")))
    let weights = Dictionary(uniqueKeysWithValues: shared.namedParameters.map { ($0.name, $0.tensor) })
    #expect(weights.count == 2)
    #expect(ModelSummary(shared).parameters == 20)
    var both = weights
    for (name, tensor) in weights { both["b" + name.dropFirst()] = tensor }
    let apart = try Model(chain(Dense.layer("b", units: 4)), registry: Self.registry, tensors: both)
    let (input, gradient) = (draw([3, 4], 1), draw([3, 4], 2))
    let curvature = Tensor(gradient.elements.map(abs), [3, 4])
    for second in [false, true] {
      func sums(_ model: Model) throws -> ModelGradients {
        if second { return try model.curvatures(input) { _ in (gradient, curvature) } }
        var sums = model.makeGradients()
        // Twice, as when a batch is split.
        for _ in 0..<2 { try model.backward(gradient, model.forward(input, seed: 1), into: &sums) }
        return sums
      }
      let (one, two) = (try sums(shared), try sums(apart))
      for index in 0..<2 {
        let got = try #require(one.tensor(of: shared.trainableParameters[index])).elements
        let first = try #require(two.tensor(of: apart.trainableParameters[index])).elements
        let other = try #require(two.tensor(of: apart.trainableParameters[index + 2])).elements
        for (got, (first, other)) in zip(got, zip(first, other)) { #expect(abs(got - first - other) < 1e-5) }
      }
    }
  }

  /// A convolution and the rectifier after it are one kernel, unless somebody wants to see what lies between.
  @Test func whatComesOutInTheMiddleIsSeen() throws {
    var description = ModelDescription("seen", input: [2, 6, 5]) {
      Convolution.layer("c", filters: 3, kernel: 3)
      Relu.layer("r")
      MaximumPooling.layer("p", window: 2)
    }
    let input = draw([2, 2, 6, 5], 4)
    let hidden = try make(description)
    description.outputs = [OutputDescription("p"), OutputDescription("c")]
    let seen = try make(description)
    let outputs = try seen.infer(Tensors(input))
    let expected = Tensors(try hidden.infer(input), [try hidden.activations(input)[0]])
    for (output, expected) in zip(outputs, expected) {
      // Another kernel adds up in another order.
      for (got, expected) in zip(output.elements, expected.elements) { #expect(abs(got - expected) < 1e-5) }
    }
    #expect(outputs[1].elements.contains { $0 < 0 })
  }

  @Test func aConstantIsOfTheModelFileOrOfTheDescription() throws {
    let description = ModelDescription("shifted", input: [2]) {
      Constant.layer("given", shape: [2], value: [3, 4])
      LayerDescription(name: "kept", kind: "constant", configuration: ["shape": [2]])
      Add.layer("sum", inputs: ["input", "given", "kept"])
    }
    let model = try Model(description, registry: Self.registry, tensors: ["kept.value": Tensor([10, 20], [2])])
    #expect(try model.infer(Tensor([1, 2, 5, 6], [2, 2])).elements == [14, 26, 18, 30])
    #expect(model.namedParameters.map(\.name) == ["kept.value"])
    #expect(model.trainableParameters.isEmpty)
    // It does not interrupt the chain.
    let chain = ModelDescription("chain", input: [3], outputs: [OutputDescription("d"), OutputDescription("k")]) {
      Dense.layer("c", units: 4)
      Constant.layer("k", shape: [2], value: [3, 4])
      Dense.layer("d", units: 5)
    }
    #expect(try make(chain).nodes[2].inputShapes == [[4]])
  }

  @Test func whatComputesForwardOnlyMayStandAsideButNotInTheWay() throws {
    let aside = ModelDescription(
      "aside", input: [4], outputs: [OutputDescription("d"), OutputDescription("class")]
    ) {
      Dense.layer("d", units: 3)
      ArgMax.layer("class")
    }
    let model = try make(aside)
    let input = draw([3, 4], 1)
    let pass = try model.forward(input, seed: 1)
    let scores = pass.outputs[0].elements
    let expected = (0..<3).map { row in
      let own = scores[row * 3..<row * 3 + 3]
      return Float((own.firstIndex(of: own.max() ?? 0) ?? 0) - row * 3)
    }
    #expect(pass.outputs[1].elements == expected)
    var sums = model.makeGradients()
    try model.backward(draw([3, 3], 2), pass, into: &sums)
    try model.checkTrainability { $0.name == "d" }
    let refusal = ModelError.layer(name: "class", error: .forwardOnly(kind: "argMax"))
    #expect(throws: refusal) { try model.checkTrainability() }
    #expect(throws: refusal) {
      try model.backward(OneOrMore(nil, [draw([3, 1], 2)]), pass, into: &sums)
    }
    // Behind nothing that is trained, it is in nobody's way.
    try make(
      ModelDescription("behind", input: [4]) {
        ArgMax.layer()
        Dense.layer("d", units: 3)
      }
    ).checkTrainability()
  }

  @Test func numbersThatAreNoneAreFound() throws {
    let model = try make()
    var inputs = inputs(2)
    var faulty = inputs[1].elements
    faulty[3] = .nan
    inputs.tail = [Tensor(faulty, inputs[1].shape)]
    #expect(throws: ModelError.notFinite(.input)) { try model.forward(inputs, seed: 1) }
    #expect(throws: ModelError.notFinite(.input)) { try model.inferEach(inputs) }
    // What overflows behind a split is found at the layer that made it.
    let large = ModelDescription("large", input: [2], outputs: [OutputDescription("a"), OutputDescription("b")]) {
      Split.layer("s", sizes: [1, 1])
      Dense.layer("a", inputs: ["s:0"], units: 1) { $0.bias = false }
      Dense.layer("b", inputs: ["s:1"], units: 1) { $0.bias = false }
    }
    let overflowing = try Model(
      large, registry: Self.registry,
      tensors: ["a.weight": Tensor([1], [1, 1]), "b.weight": Tensor([1e30], [1, 1])])
    #expect(throws: ModelError.notFinite(.output(layer: "b", kind: "dense", origin: .builtin))) {
      try overflowing.forward(Tensor([1, 1e30], [1, 2]), seed: 1)
    }
  }

  @Test func tensorsThatDoNotGoWithTheInputsAreRefused() throws {
    let (model, inputs) = (try make(), inputs(2))
    #expect(throws: ModelError.inputs(expected: ["left", "right"], got: ["tensor 1"])) { try model.infer(inputs[0]) }
    #expect(throws: ModelError.inputs(expected: ["left", "right"], got: ["left", "rihgt"])) {
      try model.infer(["left": inputs[0], "rihgt": inputs[1]])
    }
    #expect(throws: ModelError.self) { try model.infer(Tensors(inputs[0], [inputs[1].rows(0..<1)])) }
    #expect(throws: ModelError.self) { try model.infer(Tensors(inputs[0], [Tensor(zeros: [2, 2, 5, 5])])) }
  }
}
