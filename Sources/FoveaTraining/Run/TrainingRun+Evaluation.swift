public import FoveaCore
public import FoveaData

extension TrainingRun {
  /// How well the model does on `dataset` now.
  public func evaluate(
    _ dataset: Dataset, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> Evaluation {
    try model.evaluate(
      dataset, preprocessing: subject.preprocessing, outputs: subject.outputs, pool: trainer.pool,
      cancellation: cancellation)
  }

  /// The same in the precision that the model is trained in, and in float32.
  public func comparePrecision(_ dataset: Dataset) throws(TrainingError) -> PrecisionComparison {
    try model.comparePrecision(
      dataset, preprocessing: subject.preprocessing, outputs: subject.outputs, pool: trainer.pool)
  }

  /// Of the training images.
  func trainingJudge() throws(TrainingError) -> BatchLoader {
    do { return try subject.judgingLoader(training, like: loader) } catch { throw .data(error.description) }
  }
}
