public import FoveaCore
public import FoveaData
public import FoveaModel

extension Model {
  /// How well this model does on labelled data. Each picture counts as it is decided alone; see ``inferEach(_:on:)``.
  ///
  /// - Parameters:
  ///   - labels: the classes, labels or numbers in the order of the outputs.
  ///   - batchSize: examples that go through the network at once.
  ///   - cancellation: asked before each batch.
  /// - Throws: ``TrainingError`` where data and model do not go together, a picture cannot be read, or a layer puts out
  ///   what is no finite number.
  public func evaluate(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
    loss: (any Loss)?, labels: [String], batchSize: Int = 256, pool: WorkerPool,
    cancellation: Cancellation? = nil
  ) throws(TrainingError) -> Evaluation {
    try evaluate(
      Self.loader(dataset.learned(by: loss, as: labels), preprocessing, batchSize), postprocessing: postprocessing,
      loss: loss, labels: labels, pool: pool, cancellation: cancellation)
  }

  /// The same on what a loader gives, which may keep prepared pictures and leave out those that cannot be used.
  ///
  /// - Parameters:
  ///   - loader: of a data set with one target, whose classes are numbered as in `labels`.
  ///   - onFailure: called with what is wrong with each example that was left out.
  public func evaluate(
    _ loader: BatchLoader, postprocessing: [any PostprocessingStep], loss: (any Loss)?, labels: [String],
    pool: WorkerPool, cancellation: Cancellation? = nil, onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> Evaluation {
    if let fault = firstFaultyParameter { throw .model(.notFinite(fault)) }
    var evaluator = try evaluator(loader.dataset, postprocessing, loss, labels)
    try forEachBatch(of: loader, cancellation, onFailure) { batch in
      try evaluator.add(inferEach(batch.inputs, on: pool), targets: batch.targets)
    }
    return evaluator.finish()
  }

  /// The same in this model's precision and in float32, on the same batches.
  public func comparePrecision(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
    loss: (any Loss)?, labels: [String], batchSize: Int = 256, pool: WorkerPool,
    cancellation: Cancellation? = nil
  ) throws(TrainingError) -> PrecisionComparison {
    try comparePrecision(
      Self.loader(dataset.learned(by: loss, as: labels), preprocessing, batchSize), postprocessing: postprocessing,
      loss: loss, labels: labels, pool: pool, cancellation: cancellation)
  }

  /// The same on what a loader gives; see ``evaluate(_:postprocessing:loss:labels:pool:cancellation:onFailure:)``.
  public func comparePrecision(
    _ loader: BatchLoader, postprocessing: [any PostprocessingStep], loss: (any Loss)?, labels: [String],
    pool: WorkerPool, cancellation: Cancellation? = nil, onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> PrecisionComparison {
    let exact: Model
    do { exact = try inPrecision(.float32) } catch { throw .model(error) }
    var own = try evaluator(loader.dataset, postprocessing, loss, labels)
    var other = own
    var differences = 0
    try forEachBatch(of: loader, cancellation, onFailure) { batch in
      let decisions = try own.add(inferEach(batch.inputs, on: pool), targets: batch.targets)
      let exactDecisions = try other.add(exact.inferEach(batch.inputs, on: pool), targets: batch.targets)
      differences += zip(decisions, exactDecisions).count { $0 != $1 }
    }
    return PrecisionComparison(
      precision: precision, evaluation: own.finish(), float32: other.finish(), differences: differences)
  }

  private func evaluator(
    _ dataset: Dataset, _ postprocessing: [any PostprocessingStep], _ loss: (any Loss)?, _ labels: [String]
  ) throws(TrainingError) -> Evaluator {
    try Evaluator(
      dataset.targetDescriptions[0].kind, labels: labels, loss: loss, postprocessing: postprocessing,
      areConfidences: putsOutConfidences)
  }

  private static func loader(
    _ dataset: Dataset, _ preprocessing: [any PreprocessingStep], _ batchSize: Int
  ) throws(TrainingError) -> BatchLoader {
    do {
      return try BatchLoader(
        dataset, preprocessing: preprocessing, settings: .init(batchSize: batchSize, shuffles: false))
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
