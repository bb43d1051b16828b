extension EpochMetrics {
  /// What says how good the pass was, on the validation part where there is one; the lower the better.
  ///
  /// - Parameter figure: `loss`, `accuracy`, or another figure's key; the loss where nil.
  /// - Returns: nil where the pass has no such figure.
  public func score(by figure: String?) -> Double? {
    switch figure {
    case nil, "loss": validationLoss ?? loss
    case "accuracy": (validationAccuracy ?? trainingAccuracy).map { -$0 }
    case let key?:
      (validationFigures?[key] ?? trainingFigures?[key]).map {
        // Of errors, less is better; of shares of what is right, more.
        Evaluation.Figure(key, $0).isShare || key.hasSuffix("r2") ? -$0 : $0
      }
    }
  }

  /// The figures that ``score(by:)`` knows.
  var figureKeys: [String] {
    let accuracy = validationAccuracy ?? trainingAccuracy
    return ["loss"] + (accuracy == nil ? [] : ["accuracy"])
      + Set((validationFigures ?? [:]).keys).union((trainingFigures ?? [:]).keys).sorted()
  }
}
