public import FoveaCore

extension OutputDescription {
  /// How a class is decided for, in sentences for people: thresholds, temperatures and what is rejected. Empty where the
  /// output yields something else than one class.
  ///
  /// - Throws: ``ModelError`` where a step cannot be made.
  public func decision(registry: Registry) throws(ModelError) -> [String] {
    var sentences: [String] = []
    for description in postprocessing {
      switch try registry.makePostprocessing(description) {
      case let step as TemperatureScaling:
        sentences.append(
          "Confidences are calibrated: a temperature of \(NumberText.short(step.temperature)) divides the scores that they are made of."
        )
      case let step as SigmoidConfidence:
        let names = labels.flatMap { $0.count == 2 ? $0 : nil } ?? ["the first class", "the second class"]
        sentences.append(
          "From a confidence of \(step.threshold) in '\(names[1])' on, the decision is '\(names[1])'; below, it is '\(names[0])'."
        )
      case is SoftmaxConfidence, is SmallestWins:
        sentences.append("The class with the largest confidence is decided for.")
      case let step as RejectBelow:
        sentences.append("Below a confidence of \(step.confidence), nothing is decided.")
      default: break
      }
    }
    return sentences
  }
}
