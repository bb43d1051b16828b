public import FoveaCore
public import FoveaData
public import FoveaModel

extension Model {
  /// How well this model does on labelled data.
  ///
  /// - Parameters:
  ///   - labels: the classes in the order of the outputs.
  ///   - batchSize: examples that go through the network at once.
  /// - Throws: ``TrainingError`` where data and model do not go together, or a picture cannot be read.
  public func evaluate(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
    loss: (any Loss)?, labels: [String], batchSize: Int = 256, pool: WorkerPool
  ) throws(TrainingError) -> Evaluation {
    var evaluator = Evaluator(labels: labels, loss: loss, postprocessing: postprocessing)
    try forEachBatch(dataset, preprocessing, labels, batchSize) { batch in
      try evaluator.add(infer(batch.inputs, on: pool), targets: batch.targets)
    }
    return evaluator.finish()
  }

  /// The same in this model's precision and in float32, on the same batches.
  public func comparePrecision(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
    loss: (any Loss)?, labels: [String], batchSize: Int = 256, pool: WorkerPool
  ) throws(TrainingError) -> PrecisionComparison {
    let exact: Model
    do { exact = try inPrecision(.float32) } catch { throw .model(error) }
    var own = Evaluator(labels: labels, loss: loss, postprocessing: postprocessing)
    var other = own
    var differences = 0
    try forEachBatch(dataset, preprocessing, labels, batchSize) { batch in
      let decisions = try own.add(infer(batch.inputs, on: pool), targets: batch.targets)
      let exactDecisions = try other.add(exact.infer(batch.inputs, on: pool), targets: batch.targets)
      differences += zip(decisions, exactDecisions).count { $0 != $1 }
    }
    return PrecisionComparison(
      precision: precision, evaluation: own.finish(), float32: other.finish(), differences: differences)
  }

  private func forEachBatch(
    _ dataset: Dataset, _ preprocessing: [any PreprocessingStep], _ labels: [String], _ batchSize: Int,
    _ body: (Batch) throws -> Void
  ) throws(TrainingError) {
    do {
      let stream = try BatchLoader(
        dataset.relabeled(labels), preprocessing: preprocessing,
        settings: .init(batchSize: batchSize, shuffles: false)
      ).batches(epoch: 0)
      while let batch = try stream.next() { try body(batch) }
    } catch let error as DataError {
      throw .data(error.description)
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as TrainingError {
      throw error
    } catch { throw .data("\(error)") }
  }
}
