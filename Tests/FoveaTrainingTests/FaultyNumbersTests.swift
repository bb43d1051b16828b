import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// What is no number is found where it arises, also where a rectifier or a pooling swallows it at once.
@Suite struct FaultyNumbersTests {
  /// y = x, with a fault on demand where the input is 7. What it becomes is a word, since no setting is NaN.
  struct Faulty: PlainLayer {
    struct Configuration: Configurable {
      var output = "7"
      var inputGradient = "0"
      var weightGradient = "0"
    }

    static let kind = "faulty"
    let configuration: Configuration
    let outputShape: Shape
    let parameters = [Parameter("unused", [1], .constant(1))]
    private let fault: Float
    private let slope: Float
    private let weightSlope: Float

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
      (fault, slope) = (Float(configuration.output) ?? 0, Float(configuration.inputGradient) ?? 0)
      weightSlope = Float(configuration.weightGradient) ?? 0
    }

    func forward(
      _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
      into output: UnsafeMutableBufferPointer<Float>
    ) {
      for i in input.indices { output[i] = input[i] == 7 ? fault : input[i] }
    }

    func backward(
      _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
      output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
      into inputGradient: UnsafeMutableBufferPointer<Float>,
      _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
    ) {
      for i in input.indices { inputGradient[i] = input[i] == 7 ? slope : outputGradient[i] }
      if input.contains(7) { parameterGradients[0][0] += weightSlope }
    }
  }

  struct FaultyLoss: ExampleLoss {
    static let kind = "faultyLoss"
    var value: Float = 0
    var slope: Float = 0

    func evaluate(
      _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
    ) -> Float {
      for i in gradient.indices { gradient[i] = slope }
      return value
    }
  }

  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(Faulty.self, from: .plugin(name: "Odd", version: "1"))
    return registry
  }

  private static func model(_ layers: [LayerDescription], input: Shape = [3]) throws -> Model {
    try Model(ModelDescription(name: "m", input: input, layers: layers), registry: registry(), seed: 3)
  }

  private static func odd(_ setting: String, _ value: Float) -> LayerDescription {
    LayerDescription(name: "odd", kind: "faulty", configuration: [setting: .string("\(value)")])
  }

  private static func trainer(
    _ model: Model, _ loss: any Loss = SoftmaxCrossEntropy(), _ optimizer: any Optimizer = Adam(), threads: Int = 1
  ) throws -> Trainer {
    try Trainer(model, loss: loss, optimizer: optimizer, classes: 2, threads: threads, seed: 1)
  }

  private static let output = FaultyNumbers.output(
    layer: "odd", kind: "faulty", origin: .plugin(name: "Odd", version: "1"))

  /// One element of many is 7; the others are harmless.
  private static func inputs(_ shape: Shape, batch: Int = 6) -> Tensor {
    var random = SeededRandom(seed: 2)
    var numbers = (0..<batch * shape.count).map { _ in random.uniform(in: 0.1...1) }
    numbers[numbers.count - 2] = 7
    return Tensor(numbers, shape.batched(batch))
  }

  static let swallowers: [[LayerDescription]] = [
    [LayerDescription(kind: "relu"), Flatten.layer()],
    [MaximumPooling.layer(window: 2), Flatten.layer()],
    [MinimumPooling.layer(window: 2), LayerDescription(kind: "relu"), Flatten.layer()],
    // Taken into one kernel each.
    [
      Convolution.layer(filters: 3, kernel: 3), LayerDescription(kind: "relu"), MaximumPooling.layer(window: 2),
      Flatten.layer(),
    ],
    [Flatten.layer(), Dense.layer(units: 5), LayerDescription(kind: "relu")],
  ]

  @Test(arguments: swallowers.indices, [Float.nan, .infinity, -.infinity])
  func anOutputIsFoundBehindWhatSwallowsIt(rest: Int, value: Float) throws {
    for threads in [1, 2] { try findOutput(Self.swallowers[rest], value, threads) }
  }

  private func findOutput(_ rest: [LayerDescription], _ value: Float, _ threads: Int) throws {
    let layers = [Self.odd("output", value)] + rest + [Dense.layer("last", units: 2)]
    let model = try Self.model(layers, input: [1, 8, 8])
    let inputs = Self.inputs([1, 8, 8])
    var trainer = try Self.trainer(model, threads: threads)
    #expect(throws: TrainingError.notFinite(step: 1, Self.output)) {
      try trainer.step(inputs, targets: [0, 1, 0, 1, 0, 1])
    }
    #expect(throws: ModelError.notFinite(Self.output)) { try model.inferEach(inputs) }
    // The others are not to blame, and the trainer can go on as if nothing had been.
    let sound = inputs.rows(0..<5)
    #expect(try model.inferEach(sound).isFinite)
    var fresh = try Self.trainer(model, threads: threads)
    _ = try trainer.step(sound, targets: [0, 1, 0, 1, 0])
    _ = try fresh.step(sound, targets: [0, 1, 0, 1, 0])
    #expect(trainer.model.namedParameters.map(\.tensor) == fresh.model.namedParameters.map(\.tensor))
  }

  @Test(arguments: [Float.nan, .infinity]) func anInputIsNotBlamedOnALayer(value: Float) throws {
    let model = try Self.model([
      Dense.layer("first", units: 4), LayerDescription(kind: "relu"), Dense.layer("last", units: 2),
    ])
    var trainer = try Self.trainer(model)
    let inputs = Tensor([1, 2, 3, 1, value, 3], [2, 3])
    #expect(throws: TrainingError.notFinite(step: 1, .input)) { try trainer.step(inputs, targets: [0, 1]) }
    #expect(throws: ModelError.notFinite(.input)) { try model.inferEach(inputs) }
  }

  /// A rectifier whose units are all dead lets no gradient through, of whatever kind.
  @Test func aGradientIsFoundBehindADeadRectifier() throws {
    let layers = [
      Dense.layer("first", units: 3) { $0.bias = false }, LayerDescription(name: "dead", kind: "relu"),
      Self.odd("inputGradient", .nan),
      Dense.layer("last", units: 2),
    ]
    let weights = Tensor([7, 0, 0, 0, -1, 0, 0, 0, -1], [3, 3])
    let model = try Model(
      ModelDescription(name: "m", input: [3], layers: layers), registry: Self.registry(),
      tensors: [
        "first.weight": weights, "odd.unused": Tensor([1], [1]), "last.weight": Tensor(repeating: 0.5, [2, 3]),
        "last.bias": Tensor(zeros: [2]),
      ])
    var trainer = try Self.trainer(model)
    #expect(
      throws: TrainingError.notFinite(
        step: 1, .inputGradient(layer: "odd", kind: "faulty", origin: .plugin(name: "Odd", version: "1")))
    ) { try trainer.step(Tensor([1, 1, 1], [1, 3]), targets: [0]) }
  }

  @Test(arguments: [Float.nan, .infinity]) func aWeightsGradientIsNamed(value: Float) throws {
    let layers = [
      Dense.layer("first", units: 4), Self.odd("weightGradient", value), Dense.layer("last", units: 2),
    ]
    // Its input is 7 where the first layer's bias is.
    let model = try Model(
      ModelDescription(name: "m", input: [3], layers: layers), registry: Self.registry(),
      tensors: [
        "first.weight": Tensor(zeros: [4, 3]), "first.bias": Tensor([7, 1, 1, 1], [4]),
        "odd.unused": Tensor([1], [1]), "last.weight": Tensor(repeating: 0.5, [2, 4]), "last.bias": Tensor(zeros: [2]),
      ])
    for optimizer in [StochasticGradientDescent(learningRate: 0.1), Adam()] as [any Optimizer] {
      var trainer = try Self.trainer(model, SoftmaxCrossEntropy(), optimizer)
      #expect(throws: TrainingError.notFinite(step: 1, .weightGradient(layer: "odd", parameter: "unused"))) {
        try trainer.step(Tensor(zeros: [2, 3]), targets: [0, 1])
      }
    }
  }

  @Test func lossesAreNamed() throws {
    let model = try Self.model([Dense.layer("last", units: 2)])
    for (loss, place) in [
      (FaultyLoss(value: .nan), FaultyNumbers.loss(kind: "faultyLoss")),
      (FaultyLoss(value: .infinity), .loss(kind: "faultyLoss")),
      (FaultyLoss(slope: .nan), .lossGradient(kind: "faultyLoss")),
    ] {
      var trainer = try Self.trainer(model, loss)
      #expect(throws: TrainingError.notFinite(step: 1, place)) {
        try trainer.step(Tensor(zeros: [2, 3]), targets: [0, 1])
      }
    }
    var evaluator = try Evaluator(labels: ["a", "b"], loss: FaultyLoss(value: .nan), postprocessing: [])
    #expect(throws: TrainingError.model(.notFinite(.loss(kind: "faultyLoss")))) {
      try evaluator.add(Tensor(zeros: [1, 2]), targets: [0])
    }
  }

  @Test func weightsThatGrowWithoutBoundEndTheStepInWhichTheyDo() throws {
    let model = try Self.model([Dense.layer("only", units: 2)])
    var trainer = try Self.trainer(
      model, SoftmaxCrossEntropy(), StochasticGradientDescent(learningRate: .greatestFiniteMagnitude, momentum: 0))
    let inputs = Tensor(repeating: 100, [2, 3])
    #expect(throws: TrainingError.notFinite(step: 1, .weights(layer: "only", parameter: "weight"))) {
      _ = try trainer.step(inputs, targets: [0, 1])
    }
  }

  /// inf − inf within one kernel, of which the rectifier leaves zero.
  @Test func anOverflowWithinAStepIsFound() throws {
    let layers = [
      Dense.layer("first", units: 1), LayerDescription(kind: "relu"), Dense.layer("last", units: 2),
    ]
    let model = try Model(
      ModelDescription(name: "m", input: [2], layers: layers), registry: Self.registry(),
      tensors: [
        "first.weight": Tensor([-1e25, -1e25], [1, 2]), "first.bias": Tensor(zeros: [1]),
        "last.weight": Tensor([1, 1], [2, 1]), "last.bias": Tensor(zeros: [2]),
      ])
    let inputs = Tensor(repeating: 1e20, [2, 2])
    var trainer = try Self.trainer(model)
    let place = FaultyNumbers.output(layer: "first", kind: "dense", origin: .builtin)
    #expect(throws: TrainingError.notFinite(step: 1, place)) { try trainer.step(inputs, targets: [0, 1]) }
    #expect(throws: ModelError.notFinite(place)) { try model.inferEach(inputs) }
    // Large numbers alone are no fault.
    #expect(try model.inferEach(Tensor(repeating: 1e10, [2, 2])).isFinite)
  }

  @Test func aModelWithWeightsThatAreNoNumbersIsNotTrained() throws {
    let description = ModelDescription(name: "m", input: [2], layers: [Dense.layer("only", units: 2)])
    let model = try Model(
      description, registry: Self.registry(),
      tensors: ["only.weight": Tensor([1, .nan, 0, 0], [2, 2]), "only.bias": Tensor(zeros: [2])])
    #expect(throws: TrainingError.model(.notFinite(.weights(layer: "only", parameter: "weight")))) {
      try Self.trainer(model)
    }
  }

  @Test func theMessageSaysWhatAndWhere() {
    #expect(
      TrainingError.notFinite(step: 12, Self.output).description
        == "step 12: the output of layer 'odd' (faulty, plugin Odd 1) is no finite number (NaN or infinity); where "
        + "weights have grown without bound, a lower learning rate helps")
    #expect(TrainingError.notFinite(step: 1, .input).description.contains("look at the data and the preprocessing"))
  }
}
