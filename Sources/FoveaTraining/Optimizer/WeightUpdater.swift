public import FoveaCore
public import FoveaModel

/// Applies an ``Optimizer`` to all trainable weights of a model, on several threads, and keeps its memories.
public struct WeightUpdater: Sendable {
  public var optimizer: any Optimizer { didSet { rules = [] } }
  /// How many steps have been taken.
  public internal(set) var steps = 0
  /// The largest magnitude of all weights after the last step.
  package private(set) var largestWeight: Float = 0
  /// By place in ``Model/trainableParameters``, and by number of the memory; empty before the first step.
  var memories: [[Tensor]] = []
  /// What becomes of each step's gradients first; nil for nothing.
  var clipping: GradientClipping?
  /// Running means of the weights; nil where none are kept.
  var averages: WeightAverages?
  /// By what the learning rate of each parameter is multiplied, by place in ``Model/trainableParameters``; 0 where it stays as it
  /// is. Empty where all have the same.
  var rateFactors: [Float] = [] { didSet { rules = [] } }
  /// The optimizer as it is for each sort of parameters, made when it is first needed, and which of them each one has.
  private var rules: [UpdateRule] = []
  private var ruleNumbers: [Int] = []

  public init(_ optimizer: any Optimizer) {
    self.optimizer = optimizer
  }

  /// Weights are cut into pieces of this many, so that a large layer is shared by all workers and a piece stays in the
  /// nearest cache between the sum of its gradients and its update.
  private static let pieceLength = 1 << 13
  /// Weights from which on other workers are woken for them.
  private static let fewestWeights = 1 << 20

  /// Sets the memories of a rule that works with second derivatives; nothing for any other rule.
  public mutating func setCurvatures(_ curvatures: ModelGradients, of model: Model) {
    guard let optimizer = optimizer as? any CurvatureOptimizer else { return }
    memories = model.trainableParameters.map { place in
      let curvature = curvatures.tensor(of: place)?.elements ?? Array(repeating: 0, count: model.shape(of: place).count)
      return [Tensor(curvature.map { optimizer.memory(curvature: $0) }, model.shape(of: place))]
    }
  }

  func emptyMemories(of model: Model) -> [[Tensor]] {
    model.trainableParameters.map { place in
      (0..<optimizer.memories).map { _ in Tensor(zeros: model.shape(of: place)) }
    }
  }

  /// Biases and the like may be spared what other weights are not, and layers may have rates of their own.
  private mutating func makeRules(for model: Model) {
    var sorts: [(decays: Bool, factor: Float)] = []
    ruleNumbers = model.trainableParameters.enumerated().map { index, place in
      let sort = (decays: model.shape(of: place).rank > 1, factor: rateFactors.isEmpty ? 1 : rateFactors[index])
      if let known = sorts.firstIndex(where: { $0 == sort }) { return known }
      sorts.append(sort)
      var rule = sort.decays ? optimizer : optimizer.withoutDecay
      if sort.factor != 1 { rule.learningRate *= sort.factor }
      rules.append(UpdateRule(rule))
      return sorts.count - 1
    }
  }

  /// Takes one step.
  ///
  /// - Parameter gradients: of each part of the batch; their sum is that of the mean loss over the whole batch.
  /// - Returns: which gradient, or which weight after the step, is no finite number; nil where all are. The weights are
  ///   lost then.
  @discardableResult
  public mutating func step(
    _ model: inout Model, gradients: [ModelGradients], pool: WorkerPool
  ) -> FaultyNumbers? {
    let places = model.trainableParameters
    if memories.isEmpty { memories = emptyMemories(of: model) }
    if rules.isEmpty { makeRules(for: model) }
    steps += 1
    var pieces: [Piece] = []
    var tiles: [FactoredTile] = []
    // Until the end, since pieces have addresses only.
    var whole: [Tensor] = []
    for (index, place) in places.enumerated() where rateFactors.isEmpty || rateFactors[index] > 0 {
      let weights = model.mutableAddress(of: place)
      let states = memories[index].indices.map { slot in
        memories[index][slot].withUnsafeMutableFloats { _ in }
        return memories[index][slot].address
      }
      let average = averages?.address(of: place)
      if gradients.allSatisfy({ $0.isFactored(at: place) }) {
        let products = gradients.flatMap { $0.outerProducts(of: place) }
        if !products.isEmpty {
          tiles += FactoredTile.tiles(weights, of: index, memories: states, average: average, products: products)
        }
        continue
      }
      let slopes = gradients.compactMap { $0.tensor(of: place) }
      whole += slopes
      let count = model.shape(of: place).count
      for start in stride(from: 0, to: count, by: Self.pieceLength) where !slopes.isEmpty {
        pieces.append(
          Piece(
            parameter: index, weights: weights + start, gradients: slopes.map { $0.address + start },
            memories: states.map { $0 + start }, average: average.map { $0 + start },
            count: min(Self.pieceLength, count - start)))
      }
    }
    // Where one part made all gradients, as in on-line training, waking the others would take longer than the update.
    let count = pieces.reduce(0) { $0 + $1.count } + tiles.reduce(0) { $0 + $1.count }
    let parts = gradients.count == 1 && count < Self.fewestWeights ? 1 : pool.count
    var work = Work(
      pieces: pieces, tiles: tiles, rules: rules, ruleNumbers: ruleNumbers, step: steps, parts: parts,
      averageShare: averages?.share(step: steps) ?? 0)
    work.adjustment.limit = clipping?.value
    if let largest = clipping?.norm {
      let norm = work.gradientNorm(on: pool)
      if norm > Double(largest), norm.isFinite { work.adjustment.scale = Float(Double(largest) / norm) }
    }
    var sizes = [UpdatedNumbers](repeating: UpdatedNumbers(), count: parts)
    sizes.withUnsafeMutableBufferPointer { sizes in
      let (sizes, work) = (sizes, work)
      // Where the kernels shared the work out themselves, their threads still look for more.
      if gradients.count == 1 {
        KernelThreads.run(parts) { sizes[$0] = work.run(part: $0) }
      } else {
        pool.run(parts) { sizes[$0] = work.run(part: $0) }
      }
    }
    withExtendedLifetime((gradients, whole, memories, averages, model)) {}
    var numbers = UpdatedNumbers()
    for part in sizes { numbers.add(part) }
    largestWeight = numbers.largestWeight
    return numbers.fault.map { parameter, what in
      let name = model.name(of: places[parameter])
      return switch what {
      case .gradient: .weightGradient(layer: name.layer, parameter: name.parameter)
      case .memory: .memory(layer: name.layer, parameter: name.parameter)
      case .weights: .weights(layer: name.layer, parameter: name.parameter)
      }
    }
  }
}
