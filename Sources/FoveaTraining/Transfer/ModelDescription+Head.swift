import FoveaCore
public import FoveaModel

extension ModelDescription {
  /// The same network for so many classes: its last layer gets as many units.
  ///
  /// One unit stays for two classes, which it tells apart; for more, the loss becomes ``SoftmaxCrossEntropy``. A network with several
  /// outputs, or whose last layer has no units, stays as it is.
  public func fitted(classes: Int) -> ModelDescription {
    guard outputs.count == 1, let last = layers.indices.last, layers[last].configuration["units"] != nil else {
      return self
    }
    var description = self
    description.setHead(at: last, classes: classes)
    return description
  }

  /// - Parameter index: of a layer with units.
  mutating func setHead(at index: Int, classes: Int) {
    let isBinary = layers[index].configuration["units"] == 1
    // One logit tells two classes apart, and no more.
    if isBinary && classes == 2 { return }
    layers[index].configuration["units"] = .integer(classes)
    if isBinary {
      loss = KindDescription(SoftmaxCrossEntropy())
      postprocessing.removeAll { $0.kind == SigmoidConfidence.kind }
    }
  }
}
