public import FoveaCore
public import FoveaData
public import FoveaModel

extension Model {
  /// How well this model does on labelled data. Each picture counts as it is decided alone; see ``inferEach(_:on:)``.
  ///
  /// - Parameters:
  ///   - labels: the classes, labels or numbers in the order of the first output's numbers.
  ///   - batchSize: examples that go through the network at once.
  ///   - cancellation: asked before each batch.
  /// - Throws: ``TrainingError`` where data and model do not go together, a picture cannot be read, or a layer puts out
  ///   what is no finite number.
  public func evaluate(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
    loss: (any Loss)?, labels: [String], batchSize: Int = 256, pool: WorkerPool, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> Evaluation {
    let output = LearnedOutput(name: outputs.head.name, loss: loss, postprocessing: postprocessing, labels: labels)
    return try evaluate(
      dataset, preprocessing: preprocessing, outputs: OneOrMore(output), batchSize: batchSize, pool: pool,
      cancellation: cancellation)
  }

  /// The same of several outputs.
  public func evaluate(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], outputs: OneOrMore<LearnedOutput>,
    batchSize: Int = 256, pool: WorkerPool, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> Evaluation {
    let (loader, outputs) = try loader(dataset, preprocessing, outputs, batchSize)
    return try evaluate(loader, outputs: outputs, pool: pool, cancellation: cancellation)
  }

  /// The same on what a loader gives, which may keep prepared pictures and leave out those that cannot be used.
  ///
  /// - Parameters:
  ///   - loader: of a data set with the targets and labels of `outputs`, in their order.
  ///   - ensemble: what is judged in place of the model, which is its first; nil for the model itself.
  ///   - onFailure: called with what is wrong with each example that was left out.
  ///   - onOutputs: called with what the network puts out for each batch.
  public func evaluate(
    _ loader: BatchLoader, outputs: OneOrMore<LearnedOutput>, ensemble: Ensemble? = nil, pool: WorkerPool,
    cancellation: Cancellation? = nil, onFailure: (DataError) -> Void = { _ in },
    onOutputs: (Tensors, Batch) throws -> Void = { _, _ in }
  ) throws(TrainingError) -> Evaluation {
    if let fault = firstFaultyParameter { throw .model(.notFinite(fault)) }
    var judge = try Judge(outputs, of: self, on: loader.dataset)
    try forEachBatch(of: loader, cancellation, onFailure) { batch in
      let tensors =
        try ensemble?.inferEach(batch.allInputs, on: pool) ?? inferEach(batch.allInputs, on: pool)
      try judge.add(tensors, batch)
      try onOutputs(tensors, batch)
    }
    return judge.finish()
  }

  /// The same in this model's precision and in float32, on the same batches.
  public func comparePrecision(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], outputs: OneOrMore<LearnedOutput>,
    batchSize: Int = 256, pool: WorkerPool, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> PrecisionComparison {
    let (loader, outputs) = try loader(dataset, preprocessing, outputs, batchSize)
    return try comparePrecision(loader, outputs: outputs, pool: pool, cancellation: cancellation)
  }

  /// The same on what a loader gives; see ``evaluate(_:outputs:pool:cancellation:onFailure:)``.
  ///
  /// - Parameter exact: another model in float32, of which this one was made; nil for this one in float32.
  public func comparePrecision(
    _ loader: BatchLoader, outputs: OneOrMore<LearnedOutput>, exact other: Model? = nil, pool: WorkerPool,
    cancellation: Cancellation? = nil, onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> PrecisionComparison {
    let exact: Model
    if let other {
      exact = other
    } else {
      do { exact = try inPrecision(.float32) } catch { throw .model(error) }
    }
    var own = try Judge(outputs, of: self, on: loader.dataset)
    var other = own
    var differences = 0
    try forEachBatch(of: loader, cancellation, onFailure) { batch in
      let decisions = try own.add(inferEach(batch.allInputs, on: pool), batch)
      let exactDecisions = try other.add(exact.inferEach(batch.allInputs, on: pool), batch)
      differences += zip(decisions, exactDecisions).count { $0 != $1 }
    }
    return PrecisionComparison(
      precision: precision, evaluation: own.finish(), float32: other.finish(), differences: differences)
  }

  /// What an evaluation tells, before the first example.
  func figures(of outputs: OneOrMore<LearnedOutput>, on dataset: Dataset) throws(TrainingError) -> [MetricFigure] {
    try Judge(outputs, of: self, on: dataset).finish().allFigures
  }

  private func loader(
    _ dataset: Dataset, _ preprocessing: [any PreprocessingStep], _ outputs: OneOrMore<LearnedOutput>, _ batchSize: Int
  ) throws(TrainingError) -> (BatchLoader, OneOrMore<LearnedOutput>) {
    let (dataset, outputs) = try dataset.learned(by: outputs, of: self)
    do {
      let settings = BatchLoader.Settings(batchSize: batchSize, shuffles: false)
      return (try BatchLoader(dataset, preprocessing: preprocessing, settings: settings), outputs)
    } catch { throw .data(error.description) }
  }

  private func forEachBatch(
    of loader: BatchLoader, _ cancellation: Cancellation?, _ onFailure: (DataError) -> Void,
    _ body: (Batch) throws -> Void
  ) throws(TrainingError) {
    do {
      let stream = loader.batches(epoch: 0)
      var isEmpty = true
      while let batch = try stream.next() {
        try TrainingError.check(cancellation)
        isEmpty = false
        try body(batch)
      }
      stream.failures.forEach(onFailure)
      if isEmpty { throw DataError.empty(name: loader.dataset.name, reason: "none of its images can be used") }
    } catch let error as DataError {
      throw .data(error.description)
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as TrainingError {
      throw error
    } catch { throw .data("\(error)") }
  }
}

/// An ``Evaluator`` for each output that is learned.
private struct Judge {
  private let outputs: OneOrMore<LearnedOutput>
  private var evaluators: [Evaluator] = []

  init(_ outputs: OneOrMore<LearnedOutput>, of model: Model, on dataset: Dataset) throws(TrainingError) {
    self.outputs = outputs
    for (output, target) in zip(outputs, dataset.targetDescriptions) {
      evaluators.append(
        try Evaluator(
          target.kind, labels: output.labels ?? target.labels, loss: output.loss,
          postprocessing: output.postprocessing, areConfidences: model.putsOutConfidences(output.index),
          metrics: output.metrics))
    }
  }

  /// - Returns: what was decided for each example, output after output.
  @discardableResult
  mutating func add(_ tensors: Tensors, _ batch: Batch) throws(TrainingError) -> [[Evaluator.Decision]] {
    var decisions = Array(repeating: [Evaluator.Decision](), count: batch.count)
    for (number, (output, targets)) in zip(outputs, batch.allTargets).enumerated() {
      for (example, decision) in try evaluators[number].add(tensors[output.index], targets: targets).enumerated() {
        decisions[example].append(decision)
      }
    }
    return decisions
  }

  func finish() -> Evaluation {
    if evaluators.count == 1 { return evaluators[0].finish() }
    return .outputs(
      zip(outputs, evaluators).map { output, evaluator in
        Evaluation.Output(name: output.name, weight: output.weight, evaluation: evaluator.finish())
      })
  }
}
