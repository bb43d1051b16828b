public import FoveaCore
public import FoveaData

extension Dataset {
  /// The same examples with the one target that `loss` takes, or with the only one where there is no loss.
  ///
  /// - Parameter labels: the classes, labels or numbers as a model knows them; nil leaves them as they are.
  /// - Throws: ``TrainingError`` where the data gives nothing that the loss takes, or several such things, or the labels
  ///   are others.
  public func learned(by loss: (any Loss)?, as labels: [String]? = nil) throws(TrainingError) -> Dataset {
    let kind = loss.map { type(of: $0).target }
    let suitable = targetDescriptions.indices.filter { kind == nil || targetDescriptions[$0].kind == kind }
    if suitable.isEmpty, let loss { throw .unsuitable(loss, for: targetDescriptions.map(\.kind), of: name) }
    guard suitable.count == 1 else {
      throw .severalTargets(data: name, targets: suitable.map { targetDescriptions[$0].name })
    }
    let dataset = keeping(targets: suitable)
    guard let labels else { return dataset }
    do { return try dataset.relabeled(labels) } catch { throw .data(error.description) }
  }
}
