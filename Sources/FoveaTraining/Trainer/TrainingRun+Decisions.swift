import FoveaCore
import FoveaData
import FoveaModel

extension TrainingRun.Subject {
  /// Whether outputs and postprocessing tell as many classes apart as the data has. Outputs that mean nothing are sent
  /// through, since a step may make two classes of one output.
  ///
  /// - Throws: ``TrainingError`` where the loss or a step does not go with the outputs, the classes are others, or the data
  ///   gives something else than the loss takes.
  func checkDecisions() throws(TrainingError) {
    let (labels, takes, gives) = (training.labels, type(of: loss).target, training.targetDescriptions[0].kind)
    guard takes == gives else {
      throw .target(
        loss: type(of: loss).kind, takes: takes, data: training.name, gives: gives,
        suitable: BuiltinLosses.all.filter { $0.target == gives }.map { $0.kind })
    }
    do { try loss.validate(outputs: model.outputShape, classes: labels.count) } catch { throw .loss(error) }
    guard takes == .oneClass else { return }
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
