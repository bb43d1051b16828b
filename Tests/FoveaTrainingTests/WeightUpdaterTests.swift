import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// A large dense layer's gradient as outer products gives the weights that the same gradient as a tensor gives.
@Suite struct WeightUpdaterTests {
  private static let features = 4_099
  private static let units = 67

  private static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    return try Model(
      ModelDescription(
        name: "large", input: [features],
        layers: [
          LayerDescription(name: "hidden", kind: "dense", configuration: ["units": .integer(units)]),
          LayerDescription(kind: "relu"),
          LayerDescription(name: "output", kind: "dense", configuration: ["units": 3]),
        ]), registry: registry, seed: 5)
  }

  private static func batch(_ count: Int, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<count * features).map { _ in Float.random(in: -1...1, using: &random) }, [count, features])
  }

  /// Gradients of the sum of all outputs, of a batch in parts.
  private static func gradients(_ model: Model, parts: [Int], seed: UInt64) throws -> [ModelGradients] {
    try parts.enumerated().map { part, count in
      var sums = model.makeGradients()
      let pass = try model.forward(batch(count, seed: seed + UInt64(part)), seed: 1)
      try model.backward(Tensor(repeating: 0.5, [count, 3]), pass, into: &sums)
      return sums
    }
  }

  /// The same, with a tensor for each parameter.
  private static func whole(_ gradients: ModelGradients, _ model: Model) -> ModelGradients {
    var sums = gradients
    sums.reset()
    for place in model.trainableParameters {
      if let tensor = gradients.tensor(of: place) { sums.add(tensor, to: place) }
    }
    return sums
  }

  /// Adam's and this one's root is far from zero, so that what is rounded otherwise does not become another step.
  private static var rootMeanSquares: RootMeanSquarePropagation {
    var rule = RootMeanSquarePropagation()
    (rule.epsilon, rule.momentum) = (1e-3, 0.5)
    return rule
  }

  static let rules: [any Optimizer] = [
    StochasticGradientDescent(learningRate: 0.01, momentum: 0),
    Adam(learningRate: 0.001, epsilon: 1e-3, weightDecay: 0.01),
    StochasticGradientDescent(learningRate: 0.01, momentum: 0.9, weightDecay: 0.001),
    DiagonalLevenbergMarquardt(learningRate: 0.01),
    StochasticGradientDescent(learningRate: 0.01, momentum: 0.9, nesterov: true),
    AdamW(learningRate: 0.001, weightDecay: 0.1), rootMeanSquares,
  ]

  @Test(arguments: rules.indices, [[6], [3, 4], [1, 2, 5]])
  func outerProductsUpdateAsTensorsDo(rule: Int, parts: [Int]) throws {
    let pool = WorkerPool(count: parts.count)
    var models = [try Self.model(), try Self.model(), try Self.model()]
    var updaters = models.map { _ in WeightUpdater(Self.rules[rule]) }
    for step in 0..<3 {
      let factored = try Self.gradients(models[0], parts: parts, seed: UInt64(step * 10))
      let hidden = models[0].trainableParameters[0]
      #expect(factored.allSatisfy { $0.isFactored(at: hidden) && !$0.outerProducts(of: hidden).isEmpty })
      // Each updater gets gradients of its own, since it may sum them in place.
      let again = try Self.gradients(models[0], parts: parts, seed: UInt64(step * 10))
      let tensors = try Self.gradients(models[0], parts: parts, seed: UInt64(step * 10)).map {
        Self.whole($0, models[0])
      }
      #expect(tensors.allSatisfy { $0.outerProducts(of: hidden).isEmpty })
      if step == 0 {
        let curvatures = try models[0].curvatures(Self.batch(4, seed: 9)) { outputs in
          (Tensor(repeating: 0.5, outputs.shape), Tensor(repeating: 1, outputs.shape))
        }
        for index in models.indices { updaters[index].setCurvatures(curvatures, of: models[index]) }
      }
      updaters[0].step(&models[0], gradients: factored, pool: pool)
      updaters[1].step(&models[1], gradients: tensors, pool: pool)
      updaters[2].step(&models[2], gradients: again, pool: pool)
    }
    let start = try Self.model().namedParameters[0].tensor
    #expect(models[0].namedParameters[0].tensor != start)
    for (index, tensor) in models[0].namedParameters.map(\.tensor).enumerated() {
      let expected = models[1].namedParameters[index].tensor
      let worst = zip(tensor.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-5)
      #expect(tensor == models[2].namedParameters[index].tensor)
    }
  }

  /// A rule that the toolkit does not know: it sees every weight once.
  private struct Counting: Optimizer {
    static let kind = "counting"
    var learningRate: Float = 1
    var memories: Int { 1 }
    func validate() throws(ConfigurationError) {}
    func update(_ block: WeightBlock, step: Int) {
      for row in 0..<block.rows {
        for i in row * block.pitch..<row * block.pitch + block.columns {
          block.memories[0][i] += 1
          block.weights[i] = block.memories[0][i]
        }
      }
    }
  }

  /// Rows of a block change as they do one by one, and what lies between them does not.
  @Test(arguments: rules.indices, [1, 40, 1_003])
  func rowsOfABlockAreUpdatedOnTheirOwn(rule: Int, columns: Int) {
    let optimizer = Self.rules[rule]
    let (rows, pitch) = (3, columns + 5)
    var random = SeededRandom(seed: 4)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: 0.1...1, using: &random) } }
    let gradients = Tensor(numbers(rows * columns), [rows, columns])
    let start = (0...optimizer.memories).map { _ in numbers(rows * pitch) }
    func updated(_ body: (_ weights: UnsafeMutablePointer<Float>, _ memories: [UnsafeMutablePointer<Float>]) -> Void)
      -> [[Float]]
    {
      let tensors = start.map { Tensor($0, [rows * pitch]) }
      body(tensors[0].address, tensors.dropFirst().map(\.address))
      withExtendedLifetime(gradients) {}
      return tensors.map(\.elements)
    }
    let together = updated { weights, memories in
      let block = WeightBlock(
        weights, gradients: gradients.address, memories: memories, rows: rows, columns: columns, pitch: pitch)
      optimizer.update(block, step: 2)
    }
    let oneByOne = updated { weights, memories in
      for row in 0..<rows {
        let block = WeightBlock(
          weights + row * pitch, gradients: gradients.address + row * columns,
          memories: memories.map { $0 + row * pitch }, count: columns)
        optimizer.update(block, step: 2)
      }
    }
    #expect(together == oneByOne)
    for row in 0..<rows {
      let (inside, between) = (row * pitch..<row * pitch + columns, row * pitch + columns..<(row + 1) * pitch)
      #expect(zip(together[0][inside], start[0][inside]).allSatisfy { $0 != $1 })
      #expect(zip(together, start).allSatisfy { $0[between] == $1[between] })
    }
  }

  @Test func everyWeightIsUpdatedOnce() throws {
    var model = try Self.model()
    var updater = WeightUpdater(Counting())
    let pool = WorkerPool(count: 2)
    for step in 1...2 {
      updater.step(&model, gradients: try Self.gradients(model, parts: [2, 2], seed: 3), pool: pool)
      #expect(model.namedParameters.allSatisfy { $0.tensor.elements.allSatisfy { $0 == Float(step) } })
    }
  }
}
