public import FoveaCore
public import FoveaModel

/// A model in training: takes batches, one step each.
public struct Trainer: Sendable {
  public private(set) var model: Model
  /// By what the losses of each class's examples are multiplied, of the first output; nil for nothing.
  var classWeights: [Float]?
  /// What each output that is learned is trained to be.
  private let losses: OneOrMore<OutputLoss>
  public let pool: WorkerPool
  public let parallelism: Parallelism
  /// Where to note what each step costs; nil, as at first, for nowhere.
  public var profile: Profile?
  var updater: WeightUpdater
  private var gradients: [ModelGradients] = []
  /// Before the first step.
  private let largestFirstWeight: Float
  /// What each step's chance is drawn from.
  var seeds: SeededRandom

  private struct OutputLoss {
    let output: Int
    let loss: any Loss
    let weight: Float
    let postprocessing: [any PostprocessingStep]
  }

  /// - Parameters:
  ///   - loss: what the first output is trained by.
  ///   - classes: how many there are in the data.
  ///   - threads: workers that share each step.
  ///   - seed: what dropout and the like draw from.
  /// - Throws: ``TrainingError`` where the loss does not go with the model's outputs, or the optimizer's settings make
  ///   no sense.
  public init(
    _ model: Model, loss: any Loss, optimizer: any Optimizer, classes: Int, threads: Int, seed: UInt64,
    parallelism: Parallelism = .automatic
  ) throws(TrainingError) {
    try self.init(
      model, outputs: OneOrMore(LearnedOutput(loss: loss, labels: (0..<classes).map(String.init))),
      optimizer: optimizer, threads: threads, seed: seed, parallelism: parallelism)
  }

  /// The same for several outputs.
  ///
  /// - Parameter outputs: with labels and losses; targets are given in their order.
  public init(
    _ model: Model, outputs: OneOrMore<LearnedOutput>, optimizer: any Optimizer, threads: Int, seed: UInt64,
    parallelism: Parallelism = .automatic
  ) throws(TrainingError) {
    losses = try outputs.mapped { output throws(TrainingError) in
      guard let loss = output.loss, model.outputs.indices.contains(output.index) else {
        throw .invalidSetting(name: "the loss of '\(output.name)'", expected: "one to train by", got: "none")
      }
      let shape = model.outputs[output.index].shape
      do throws(LossError) {
        try loss.validate(outputs: shape, classes: output.labels?.count ?? shape.count)
      } catch { throw .loss(error) }
      return OutputLoss(
        output: output.index, loss: loss, weight: Float(output.weight), postprocessing: output.postprocessing)
    }
    do { try optimizer.validate() } catch { throw .configuration(error) }
    guard threads > 0 else {
      throw .invalidSetting(name: "the number of threads", expected: "1 or more", got: "\(threads)")
    }
    let learned = losses.map { model.outputs[$0.output] }
    do { try model.checkTrainability { learned.contains($0) } } catch { throw .model(error) }
    if let fault = model.firstFaultyParameter { throw .model(.notFinite(fault)) }
    self.model = model
    self.model.measureWeights()
    largestFirstWeight = self.model.largestWeight
    self.parallelism = parallelism
    pool = WorkerPool(count: threads, context: model.context)
    updater = WeightUpdater(optimizer)
    seeds = SeededRandom(seed: seed)
  }

  public var learningRate: Float {
    get { updater.optimizer.learningRate }
    set { updater.optimizer.learningRate = newValue }
  }

  /// The model by which a pass is judged: with the running means of the weights, where these are kept.
  var judged: Model { updater.averages.map { model.with($0.tensors) } ?? model }

  /// Steps taken so far.
  public var steps: Int { updater.steps }

  /// Takes one step down the mean loss of a batch.
  ///
  /// - Parameters:
  ///   - inputs: `[batch, …inputShape]`.
  ///   - targets: what is right for each example.
  /// - Returns: the mean loss before the step.
  /// - Throws: ``TrainingError/notFinite(step:_:)`` that names where a number is none, also where a later layer hides it:
  ///   input, layer, loss, gradient or weight. Other than in the last two, the model is what it was before the step.
  public mutating func step(_ inputs: Tensor, targets: Targets) throws(TrainingError) -> Float {
    try step(Tensors(inputs), targets: OneOrMore(targets))
  }

  /// The same for several inputs, in the order of ``Model/inputs``, and several outputs that are learned.
  ///
  /// - Parameter targets: of each of these outputs.
  public mutating func step(_ inputs: Tensors, targets: OneOrMore<Targets>) throws(TrainingError) -> Float {
    let cores = pool.context.take(pool.count)
    defer { pool.context.give(cores) }
    let whole = profile?.start(.whole)
    defer { whole?.stop() }
    defer { resetGradients() }
    let loss = try propagate(inputs, targets, of: inputs.head.shape.dimensions.first ?? 0)
    try update()
    return loss
  }

  /// Takes one step down the mean loss of several batches, which are propagated one after the other.
  mutating func step(_ batches: [(inputs: Tensors, targets: OneOrMore<Targets>)]) throws(TrainingError) -> Float {
    let cores = pool.context.take(pool.count)
    defer { pool.context.give(cores) }
    defer { resetGradients() }
    let count = batches.reduce(0) { $0 + ($1.inputs.head.shape.dimensions.first ?? 0) }
    var loss: Float = 0
    for batch in batches { loss += try propagate(batch.inputs, batch.targets, of: count) }
    try update()
    return loss
  }

  /// Finds out whether the system has what steps take besides the weights, before anything of it is made.
  ///
  /// - Parameters:
  ///   - batches: how many make one step.
  ///   - copies: how often all weights are kept once more, besides their running means.
  func checkMemory(batchSize: Int, batches: Int = 1, copies: Int = 0) throws(TrainingError) {
    var training = TrainingMemory(
      batchSize: batchSize, parts: parts(of: batchSize), memories: updater.optimizer.memories)
    (training.batches, training.copies) = (batches, copies + (updater.averages == nil ? 0 : 1))
    do { try model.checkMemory(for: training) } catch { throw .model(error) }
  }

  private mutating func resetGradients() {
    for index in gradients.indices { gradients[index].reset() }
  }

  /// Adds a batch's part of the gradient of the mean loss over `total` examples.
  ///
  /// - Returns: its part of that loss.
  private mutating func propagate(
    _ inputs: Tensors, _ targets: OneOrMore<Targets>, of total: Int
  ) throws(TrainingError) -> Float {
    let count = inputs.head.shape.dimensions.first ?? 0
    guard targets.count == losses.count, targets.allSatisfy({ $0.count == count }) else {
      throw .invalidSetting(
        name: "the number of targets", expected: "\(count), one for each example",
        got: targets.map { "\($0.count)" }.joined(separator: ", "))
    }
    // All that steps take comes in the first one. Of weights that running means share, these are the copy.
    if gradients.isEmpty, updater.memories.isEmpty {
      let isShared = updater.averages == nil && model.sharesTrainedWeights()
      try checkMemory(batchSize: count, copies: isShared ? 1 : 0)
    }
    let scale = 1 / Float(max(1, total))
    let (losses, weights, profile, number) = (losses, classWeights, profile, steps + 1)
    let result: (loss: Float, passes: [ForwardPass])
    do {
      result = try model.propagate(
        inputs, seed: seeds.next(), parallelism: parallelism, on: pool, into: &gradients, profile: profile
      ) { outputs, range in
        let watch = profile?.start(.loss)
        defer { watch?.stop() }
        return Result { () throws(TrainingError) in
          try Self.evaluate(losses, weights, outputs, targets, range, scale: scale, step: number)
        }
      }
    } catch let error as ModelError {
      gradients = []
      guard case .notFinite(let place) = error else { throw .model(error) }
      throw .notFinite(step: number, model.traceFault(inputs) ?? place)
    } catch {
      gradients = []
      throw error as? TrainingError ?? .data("\(error)")
    }
    let largest = result.passes.map(\.largestMagnitude).reduce(model.largestWeight, max)
    if largest > FaultyNumbers.safeMagnitude, let place = model.traceFault(inputs) {
      // Before the step, which would spread what is no number over all weights.
      throw .notFinite(step: number, place)
    }
    if let pass = result.passes.first { model.updateState(from: pass) }
    return result.loss
  }

  /// Changes the weights by the gradients.
  private mutating func update() throws(TrainingError) {
    let update = profile?.start(.update)
    let fault = updater.step(&model, gradients: gradients, pool: pool)
    update?.stop()
    if let fault { throw .notFinite(step: steps, fault) }
    // Those that are not trained stay as they were.
    model.largestWeight = max(updater.largestWeight, largestFirstWeight)
    if let fault = model.firstFaultyState { throw .notFinite(step: steps, fault) }
    let step = steps
    updater.averages?.addStates(of: model, step: step)
  }

  /// The weighted sum of the outputs' losses, and its gradient by each output; nil for one that is not learned.
  private static func evaluate(
    _ losses: OneOrMore<OutputLoss>, _ weights: [Float]?, _ outputs: Tensors, _ targets: OneOrMore<Targets>,
    _ range: Range<Int>, scale: Float, step: Int
  ) throws(TrainingError) -> (loss: Float, gradients: OneOrMore<Tensor?>) {
    var sum: Float = 0
    var gradients = outputs.mapped { _ in Tensor?.none }
    for (number, (loss, targets)) in zip(losses, targets).enumerated() {
      let wanted = LearnedOutput.wanted(targets[range], before: loss.postprocessing)
      let result = try loss.loss.checked(
        outputs[loss.output], targets: wanted, weights: number == 0 ? weights : nil, scale: scale * loss.weight,
        step: step)
      sum += result.loss
      if loss.output == 0 {
        gradients.head = result.gradient
      } else {
        gradients.tail[loss.output - 1] = result.gradient
      }
    }
    return (sum, gradients)
  }

  /// The same with the number of the right class of each example.
  public mutating func step(_ inputs: Tensor, targets: [Int]) throws(TrainingError) -> Float {
    try step(inputs, targets: Targets(targets))
  }

  /// On how many patterns the optimizer wants second derivatives before each pass; nil where it wants none.
  public var curvaturePatterns: Int? { (updater.optimizer as? any CurvatureOptimizer)?.patterns }

  /// Estimates the second derivatives anew, on these patterns.
  ///
  /// - Throws: ``TrainingError`` that names the layer or the loss that offers none.
  public mutating func estimateCurvatures(_ inputs: Tensor, targets: Targets) throws(TrainingError) {
    guard let loss = losses.head.loss as? any SecondDerivativeLoss else {
      throw .invalidSetting(
        name: "the loss", expected: "one with second derivatives, which this optimizer needs",
        got: "'\(type(of: losses.head.loss).kind)'; take another loss or another optimizer")
    }
    let scale = 1 / Float(max(1, targets.count))
    let targets = LearnedOutput.wanted(targets, before: losses.head.postprocessing)
    do {
      let curvatures = try model.curvatures(inputs) { outputs throws(LossError) in
        let gradient = try loss.evaluate(outputs, targets: targets, scale: scale).gradient
        return (gradient, try loss.secondDerivatives(outputs, targets: targets, scale: scale))
      }
      updater.setCurvatures(curvatures, of: model)
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as LossError {
      throw .loss(error)
    } catch { throw .data("\(error)") }
  }

  /// Into how many parts batches of so many examples are cut; the same number gives the same weights.
  public func parts(of batch: Int) -> Int { parallelism.parts(of: batch, threads: pool.count, model) }

  /// The network's raw outputs for a batch, as it is now.
  public func infer(_ inputs: Tensor) throws(TrainingError) -> Tensor {
    do { return try model.infer(inputs, on: pool) } catch { throw .model(error) }
  }
}
