public import FoveaCore

extension ModelDescription {
  /// What is hardly ever meant: of the preprocessing and the network's input, and of outputs, loss and postprocessing.
  ///
  /// - Throws: ``ModelError`` where loss or steps cannot be made.
  public func warnings(for model: Model, registry: Registry) throws(ModelError) -> [String] {
    try inputWarnings(for: model, registry: registry).map(\.description)
      + outputWarnings(for: model, registry: registry).map(\.description)
  }

  /// Whether outputs, loss and postprocessing go together: what is hardly ever meant, before anything is trained. What
  /// cannot work at all is an error of its own, when a training or a pipeline is made.
  ///
  /// - Throws: ``ModelError`` where loss or steps cannot be made.
  public func outputWarnings(for model: Model, registry: Registry) throws(ModelError) -> [OutputWarning] {
    var warnings: [OutputWarning] = []
    for (index, output) in outputs.enumerated() {
      var known: (any Loss)?
      if let loss = output.loss, registry.losses.contains(loss.kind) { known = try registry.makeLoss(loss) }
      var steps: [any PostprocessingStep] = []
      for step in output.postprocessing { steps.append(try registry.makePostprocessing(step)) }
      let checks = OutputChecks(model: model, output: index, loss: known, steps: steps, labels: output.labels)
      warnings += checks.ofLoss() + checks.ofSteps()
    }
    return warnings
  }
}

/// The checks behind ``ModelDescription/outputWarnings(for:registry:)``.
private struct OutputChecks {
  let last: LastLayer?
  let outputs: Shape
  let loss: (any Loss)?
  let steps: [any PostprocessingStep]
  /// Of the output, where they are known.
  let labels: [String]?

  init(
    model: Model, output: Int, loss: (any Loss)?, steps: [any PostprocessingStep], labels: [String]?
  ) {
    self.labels = labels
    last = LastLayer(model, output: output)
    outputs = model.outputs[output].shape
    self.loss = loss
    self.steps = steps
  }

  func ofLoss() -> [OutputWarning] {
    guard let loss, let last, let range = last.range, let meaning = loss.outputMeaning else { return [] }
    let (kind, layer) = (type(of: loss).kind, last.name)
    func limited(_ limit: String) -> [OutputWarning] {
      [.limitedBeforeLoss(layer: layer, kind: last.kind, loss: kind, limit: limit)]
    }
    let takesLogits = [.logits, .logit, .labelLogits].contains(meaning)
    switch (meaning, range) {
    case (_, .shares) where takesLogits, (_, .unit) where takesLogits:
      let squashing = meaning == .logits ? "softmax" : "sigmoid"
      return [.activationBeforeLoss(layer: layer, kind: last.kind, loss: kind, squashing: squashing)]
    case (_, .positive) where takesLogits: return limited("no number below 0")
    case (_, .bounded) where takesLogits: return limited("numbers between two bounds")
    case (_, .distances) where takesLogits || meaning == .indicators:
      return [.lossOfOtherOutputs(layer: layer, kind: last.kind, loss: kind, expected: meaning)]
    case (.logits, .any) where outputs.count == 1: return [.singleOutput(user: "the loss '\(kind)'")]
    case (.distances, .any), (.distances, .bounded):
      return [.negativeDistances(layer: layer, kind: last.kind, loss: kind)]
    default: return []
    }
  }

  func ofSteps() -> [OutputWarning] {
    var warnings: [OutputWarning] = []
    // Who has made confidences so far.
    var maker = last.flatMap { last in
      last.range == .shares || last.range == .unit ? "the last layer, '\(last.name)' (\(last.kind))," : nil
    }
    var classes = outputs.count
    for step in steps {
      let kind = type(of: step).kind
      if let meaning = step.outputMeaning {
        // Labels take confidences as they are, and a number may be between 0 and 1.
        if let maker, !meaning.isOfSeveralAtOnce {
          warnings.append(.confidencesTwice(source: maker, step: kind))
        } else if let source = contradiction(to: meaning) {
          warnings.append(.stepOfOtherOutputs(source: source, step: kind, expected: meaning))
        } else if meaning == .logits, classes == 1 {
          warnings.append(.singleOutput(user: "the postprocessing step '\(kind)'"))
        }
        maker = "the step '\(kind)'"
        if meaning == .logit { classes = 2 }
      } else if step is TemperatureScaling {
        continue
      } else if let step = step as? RejectBelow {
        warnings += ofThreshold(step.confidence, classes: classes, areConfidences: maker != nil)
      } else {
        // A stranger's step may make anything of them.
        return warnings + trial()
      }
    }
    return warnings + trial()
  }

  /// Who says that the outputs are something else than a step takes them for.
  private func contradiction(to meaning: OutputMeaning) -> String? {
    if last?.range == .distances, meaning != .distances, let last {
      return "the last layer, '\(last.name)', puts out distances, the smallest for the most probable class"
    }
    guard let loss, let trained = loss.outputMeaning, trained != meaning else { return nil }
    return "the loss '\(type(of: loss).kind)' trains them to be \(trained.rawValue)"
  }

  private func ofThreshold(_ threshold: Float, classes: Int, areConfidences: Bool) -> [OutputWarning] {
    guard areConfidences else { return threshold > 0 ? [.thresholdWithoutConfidences(threshold: threshold)] : [] }
    if threshold >= 1 { return [.threshold(threshold, classes: classes, rejects: true)] }
    // A sigmoid's decision follows a threshold of its own, and may be the less probable class.
    let follows = steps.contains { ($0 as? SigmoidConfidence).map { $0.threshold != 0.5 } ?? false }
    let isSum = last?.range != .unit || steps.contains { $0.outputMeaning != nil }
    guard isSum, !follows, Double(threshold) * Double(classes) <= 1 else { return [] }
    return [.threshold(threshold, classes: classes, rejects: false)]
  }

  /// Outputs that mean nothing, sent through all steps.
  private func trial() -> [OutputWarning] {
    do throws(PredictionError) {
      _ = try PostprocessingChain(steps).result(
        of: NetworkOutputs([Float](repeating: 0, count: outputs.count), shape: outputs, labels: labels))
      return []
    } catch { return [.refused(error)] }
  }
}
