public import FoveaCore

extension ModelDescription {
  /// The same, with the postprocessing step that its loss implies where it names none that makes a result of the outputs:
  /// `softmax`, `sigmoid`, `smallestWins`, `labels` or `numbers`. Without it, the outputs would be shown as they are, and the
  /// largest would win whatever was trained.
  ///
  /// - Returns: the description, and the step's kind where one was put in; of several outputs, the kinds.
  /// - Throws: ``ModelError`` where the loss cannot be made.
  public func withImpliedPostprocessing(
    for model: Model, registry: Registry
  ) throws(ModelError) -> (description: ModelDescription, added: String?) {
    var completed = self
    var added: [String] = []
    for (index, output) in outputs.enumerated() {
      guard let loss = output.loss, output.postprocessing.allSatisfy({ $0.kind == RejectBelow.kind }),
        let meaning = try registry.makeLoss(loss).outputMeaning, let kind = meaning.usualStep,
        registry.postprocessing.contains(kind), meaning.isOfSeveralAtOnce || !model.putsOutConfidences(index)
      else { continue }
      completed.outputs[index].postprocessing.insert(KindDescription(kind: kind), at: 0)
      added.append(kind)
    }
    return (completed, added.isEmpty ? nil : added.joined(separator: ", "))
  }
}

extension OutputMeaning {
  /// The kind of the toolkit's own step that makes a result of such outputs; nil where they are that already.
  var usualStep: String? {
    switch self {
    case .logits: SoftmaxConfidence.kind
    case .logit: SigmoidConfidence.kind
    case .distances: SmallestWins.kind
    case .labelLogits: LabelsStep.kind
    case .numbers: NumbersStep.kind
    case .indicators: nil
    }
  }

  /// Whether there is no one class to be decided for, so that its step is needed even where outputs are confidences.
  var isOfSeveralAtOnce: Bool { self == .labelLogits || self == .numbers }
}
