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
    do {
      let stream = try BatchLoader(
        dataset.relabeled(labels), preprocessing: preprocessing,
        settings: .init(batchSize: batchSize, shuffles: false)
      ).batches(epoch: 0)
      while let batch = try stream.next() {
        try evaluator.add(infer(batch.inputs, on: pool), targets: batch.targets)
      }
    } catch let error as DataError {
      throw .data(error.description)
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as TrainingError {
      throw error
    } catch { throw .data("\(error)") }
    return evaluator.finish()
  }
}
