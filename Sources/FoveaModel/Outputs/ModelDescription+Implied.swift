public import FoveaCore

extension ModelDescription {
  /// The same, with the postprocessing step that its loss implies where it names none to make confidences: `softmax`,
  /// `sigmoid` or `smallestWins`. Without it, the outputs would be shown as they are, and the largest would win whatever
  /// was trained.
  ///
  /// - Returns: the description, and the step's kind where one was put in.
  /// - Throws: ``ModelError`` where the loss cannot be made.
  public func withImpliedPostprocessing(
    for model: Model, registry: Registry
  ) throws(ModelError) -> (description: ModelDescription, added: String?) {
    guard let loss, postprocessing.allSatisfy({ $0.kind == RejectBelow.kind }), !model.putsOutConfidences,
      let kind = try registry.makeLoss(loss).outputMeaning?.stepToConfidences, registry.postprocessing.contains(kind)
    else { return (self, nil) }
    var completed = self
    completed.postprocessing.insert(KindDescription(kind: kind), at: 0)
    return (completed, kind)
  }
}

extension OutputMeaning {
  /// The kind of the toolkit's own step that makes confidences of such outputs; nil where they are so already.
  var stepToConfidences: String? {
    switch self {
    case .logits: SoftmaxConfidence.kind
    case .logit: SigmoidConfidence.kind
    case .distances: SmallestWins.kind
    case .indicators, .labelLogits, .numbers: nil
    }
  }
}
