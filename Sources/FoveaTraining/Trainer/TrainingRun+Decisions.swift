import FoveaCore
import FoveaData
import FoveaModel

extension TrainingRun.Subject {
  /// Whether outputs and postprocessing tell as many classes apart as the data has. Outputs that mean nothing are sent
  /// through, since a step may make two classes of one output.
  ///
  /// - Throws: ``TrainingError`` where the loss or a step does not go with the outputs, or the classes are others.
  func checkDecisions() throws(TrainingError) {
    let labels = training.labels
    do { try loss.validate(outputs: model.outputShape, classes: labels.count) } catch { throw .loss(error) }
    let zeros = [Float](repeating: 0, count: model.outputShape.count)
    let classes: Int
    do { classes = try postprocessing.predict(zeros, labels: labels).scores.count } catch { throw .prediction(error) }
    guard classes == labels.count else {
      throw .invalidSetting(
        name: "the number of classes", expected: "\(classes), which outputs and postprocessing tell apart",
        got: "\(labels.count) in the data")
    }
  }
}
