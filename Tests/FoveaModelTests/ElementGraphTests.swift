import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Elements of other types between layers: who may put them out, and who sees them.
@Suite struct ElementGraphTests {
  /// Gives what its settings say, and promises what they say.
  struct Pretender: Operator {
    struct Configuration: Configurable {
      var promised = ElementType.int64
      var given = ElementType.int64
      var weight = ElementType.float32
      var isTrained = false
    }

    static let kind = "pretender"
    let configuration: Configuration
    let outputShapes: [Shape]

    init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
      self.configuration = configuration
      outputShapes = inputs
    }

    var parameters: [Parameter] {
      [Parameter("w", [2], .constant(300), of: configuration.weight, isTrainable: configuration.isTrained)]
    }

    func outputElements(of inputs: [ElementType]) -> [ElementType] { [configuration.promised] }

    func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
      [inputs[0].converted(to: configuration.given)]
    }
  }

  private func make(_ description: ModelDescription) throws -> Model {
    var registry = GraphTests.registry
    try registry.register(Pretender.self)
    return try Model(description, registry: registry, seed: 1)
  }

  private let scores = Tensor([0.5, 3, 2, 7, 7, 1, -1, -2, -3, 0, 1, 2], [4, 3])

  @Test func whatIsNoFloatComesOutAsItIs() throws {
    let model = try make(
      ModelDescription("m", input: [3], outputs: [OutputDescription("class"), OutputDescription("small")]) {
        ArgMax.layer("class") { $0.element = .int64 }
        Cast.layer("small", inputs: ["input"], to: .int8) { $0.rounding = .towardZero }
      })
    #expect(model.outputs.map(\.element) == [.int64, .int8])
    for outputs in [
      try model.infer(Tensors(scores)), try model.inferEach(Tensors(scores)),
      try model.infer(Tensors(scores), on: WorkerPool(count: 2)), try model.forward(scores, seed: 1).outputs,
    ] {
      #expect(outputs[0] == Tensor(elements: [Int64(1), 0, 0, 2], [4, 1]))
      #expect(outputs[1] == Tensor(elements: [Int8(0), 3, 2, 7, 7, 1, -1, -2, -3, 0, 1, 2], [4, 3]))
    }
  }

  @Test func aLayerSeesFloatsOnly() throws {
    let direct = ModelDescription("m", input: [3]) {
      ArgMax.layer("class") { $0.element = .int64 }
      Dense.layer("d", units: 2)
    }
    let error = #expect(throws: ModelError.self) { try make(direct) }
    #expect(error == .layer(name: "d", error: .elements(kind: "dense", input: 0, expected: .float32, got: .int64)))
    #expect(
      error?.description
        == "layer 'd': dense: expects float32, but its input 1 is int64; put a layer of kind 'cast' with 'to: float32' between"
    )
    let model = try make(
      ModelDescription("m", input: [3]) {
        ArgMax.layer("class") { $0.element = .int64 }
        Cast.layer(to: .float32)
        Dense.layer("d", units: 1) { $0.bias = false }
      })
    let weight = try #require(model.namedParameters.first?.tensor.elements[0])
    #expect(try model.infer(scores).elements == [weight, 0, 0, 2 * weight])
    // What takes floats only refuses others too where it is no layer.
    #expect(
      throws: ModelError.layer(name: "b", error: .elements(kind: "argMax", input: 0, expected: .float32, got: .int32))
    ) {
      try make(
        ModelDescription("m", input: [3]) {
          Cast.layer("a", to: .int32)
          ArgMax.layer("b")
        })
    }
  }

  @Test func anInputIsFloats() throws {
    let model = try make(ModelDescription("m", input: [3]) { Relu.layer() })
    let whole = scores.converted(to: .int32)
    #expect(throws: ModelError.inputElements("input", got: .int32)) { try model.infer(whole) }
    #expect(throws: ModelError.inputElements("input", got: .int32)) { try model.inferEach(whole) }
    #expect(throws: ModelError.inputElements("input", got: .int32)) { try model.forward(whole, seed: 1) }
  }

  @Test func whoBreaksItsWordIsNamed() throws {
    func description(_ change: (inout Pretender.Configuration) -> Void) -> ModelDescription {
      ModelDescription("m", input: [3]) { Pretender.layer("p", change) }
    }
    let liar = try make(description { $0.given = .int8 })
    #expect(
      throws: ModelError.layer(
        name: "p", origin: .program,
        error: .brokenContract(kind: "pretender", expected: "an output of int64", got: "int8"))
    ) { try liar.infer(scores) }
    #expect(throws: ModelError.self) { try liar.forward(scores, seed: 1) }
    let honest = try make(description { $0.weight = .uint8 })
    #expect(honest.namedParameters[0].tensor == Tensor(elements: [UInt8(255), 255], [2]))
    #expect(try honest.infer(scores).element == .int64)
    // What training changes is floats.
    let error = #expect(throws: ModelError.self) {
      try make(
        description {
          $0.weight = .int32
          $0.isTrained = true
        })
    }
    #expect(error?.description.contains("expected float32 in 'w'") == true)
  }

  @Test func constantsHoldWhatTheirElementsHold() throws {
    func constant(_ value: [Double], _ element: ElementType) throws -> Tensor {
      let model = try make(
        ModelDescription("m", input: [1], outputs: [OutputDescription("k"), OutputDescription("relu1")]) {
          Relu.layer()
          Constant.layer("k", shape: [2], value: value, of: element)
        })
      return try model.infer(Tensors(Tensor(zeros: [3, 1])))[0]
    }
    let large = Int64(1) << 53 - 1
    #expect(
      try constant([Double(large), -7], .int64) == Tensor(elements: [large, -7, large, -7, large, -7], [3, 2]))
    #expect(try constant([0.1], .float32).elements == Array(repeating: 0.1, count: 6))
    #expect(try constant([1, 0], .bool) == Tensor(elements: [true, false, true, false, true, false], [3, 2]))
    for (value, element) in [(0.5, ElementType.int32), (300, .uint8), (-1, .uint8), (2, .bool), (1e5, .float16)] {
      let error = #expect(throws: ModelError.self) { try constant([value], element) }
      #expect(error?.description.contains("numbers that \(element.rawValue) holds") == true)
    }
  }

  @Test func parametersAreSavedAsTheyAre() throws {
    let (scratch, registry) = (try ScratchFolder(), GraphTests.registry)
    let description = ModelDescription(
      "m", input: [1],
      outputs: [OutputDescription("d")] + ElementType.allCases.map { OutputDescription($0.rawValue) }
    ) {
      Dense.layer("d", units: 1)
      for element in ElementType.allCases {
        LayerDescription(
          name: element.rawValue, kind: "constant", configuration: ["shape": [2], "element": .string(element.rawValue)])
      }
    }
    var tensors: [String: Tensor] = ["d.weight": Tensor([2], [1, 1]), "d.bias": Tensor([1], [1])]
    for element in ElementType.allCases {
      tensors[element.rawValue + ".value"] = Tensor([0, 1], [2]).converted(to: element)
    }
    // What no float holds.
    tensors["int64.value"] = Tensor(elements: [Int64.max, 1 << 53 + 1], [2])
    let model = try Model(description, registry: registry, tensors: tensors)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: scratch.path("m"))
    let loaded = try ModelFile.load(scratch.path("m"), registry: registry)
    #expect(loaded.model.parameters == model.parameters)
    #expect(loaded.model.namedParameters.map(\.tensor.element) == [.float32, .float32] + ElementType.allCases)
    #expect(try SafeTensors(contentsOf: scratch.path("m")).tensors == tensors)
    let outputs = try loaded.model.infer(Tensors(Tensor([3], [1, 1])))
    #expect(outputs[0].elements == [7] && outputs.dropFirst().map(\.element) == ElementType.allCases)
    #expect(outputs[7] == Tensor(elements: [Int64.max, 1 << 53 + 1], [1, 2]))
  }
}
