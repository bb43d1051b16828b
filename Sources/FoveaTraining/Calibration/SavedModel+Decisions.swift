public import FoveaCore
public import FoveaData
public import FoveaModel

extension SavedModel {
  /// The same with a temperature and a threshold that are learned from what the model says of labelled data, in the
  /// postprocessing of each output that decides for one class. What was done, or why it was not, is in the training
  /// record's notes `temperature` and `threshold`. The weights stay.
  ///
  /// - Parameters:
  ///   - loader: of data that the weights have not learned from; see ``Model/evaluate(_:outputs:pool:cancellation:onFailure:onOutputs:)``.
  ///   - outputs: those that are learned, with the labels of the data.
  public func deciding(
    by settings: DecisionSettings, on loader: BatchLoader, outputs: OneOrMore<LearnedOutput>, pool: WorkerPool,
    cancellation: Cancellation? = nil, onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> SavedModel {
    let scored = try model.scores(
      on: loader, outputs: outputs, pool: pool, cancellation: cancellation, onFailure: onFailure
    ).examples
    var result = self
    for (output, scored) in zip(outputs, scored) {
      guard let scored else { continue }
      let notes = result.description.outputs[output.index].decide(by: settings, scored)
      let prefix = outputs.count == 1 ? "" : output.name + "."
      var record = result.training ?? TrainingRecord()
      record.notes = (record.notes ?? [:]).merging(notes.map { (prefix + $0, $1) }) { _, new in new }
      result.training = record
    }
    return result
  }
}

extension TrainingRun {
  /// ``saved`` with decisions that are learned from the validation data; as it is where there is none.
  public func saved(
    deciding settings: DecisionSettings, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> SavedModel {
    var saved: SavedModel = self.saved
    guard let validationLoader else {
      if case .fixed(let value) = settings.threshold { saved.description.output.setThreshold(value) }
      return saved
    }
    return try saved.deciding(
      by: settings, on: validationLoader, outputs: subject.outputs, pool: trainer.pool, cancellation: cancellation)
  }
}

extension Model {
  /// How well this model does, with what it says of each example: an element for each output, nil where it decides for no
  /// class.
  public func scores(
    on loader: BatchLoader, outputs: OneOrMore<LearnedOutput>, pool: WorkerPool, cancellation: Cancellation? = nil,
    onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> (evaluation: Evaluation, examples: [ScoredExamples?]) {
    let (evaluation, examples) = try judged(
      on: loader, outputs: outputs, pool: pool, cancellation: cancellation, onFailure: onFailure)
    return (evaluation, examples.map { $0?.scores })
  }

  /// The same for labels and numbers, too; nil for all else.
  public func judged(
    on loader: BatchLoader, outputs: OneOrMore<LearnedOutput>, pool: WorkerPool, cancellation: Cancellation? = nil,
    onFailure: (DataError) -> Void = { _ in }
  ) throws(TrainingError) -> (evaluation: Evaluation, examples: [JudgedOutput?]) {
    var judged: [JudgedOutput?] = []
    for (output, target) in zip(outputs, loader.dataset.targetDescriptions) {
      judged.append(
        try JudgedOutput(
          output, target.kind, labels: output.labels ?? target.labels,
          putsOutConfidences: putsOutConfidences(output.index)))
    }
    let evaluation = try evaluate(
      loader, outputs: outputs, pool: pool, cancellation: cancellation, onFailure: onFailure
    ) { tensors, batch in
      for (number, (output, targets)) in zip(outputs, batch.allTargets).enumerated() {
        judged[number] = try judged[number].take()?.adding(tensors[output.index], targets, batch.examples)
      }
    }
    return (evaluation, judged)
  }
}

extension OutputDescription {
  /// Puts in what scores say.
  ///
  /// - Returns: for people, what was done, or why it was not.
  fileprivate mutating func decide(by settings: DecisionSettings, _ scored: ScoredExamples) -> [String: String] {
    var notes: [String: String] = [:]
    var temperature: Float?
    let images = scored.count.counted("image")
    postprocessing.removeAll { $0.kind == TemperatureScaling.kind }
    if settings.calibrates, scored.areConfidences {
      if scored.count < DecisionSettings.fewestImages {
        notes["temperature"] = "none: \(images) are too few to fit it by"
      } else if let fitted = Reliability.temperature(
        logits: scored.logits, classes: scored.classes, width: scored.labels.count)
      {
        let value = (fitted * 1000).rounded() / 1000
        let place = postprocessing.firstIndex { BuiltinPostprocessing.confidenceMakers.contains($0.kind) } ?? 0
        postprocessing.insert(
          KindDescription(kind: TemperatureScaling.kind, configuration: ["temperature": .number(value)]), at: place)
        temperature = Float(value)
        notes["temperature"] = "\(value), by the log loss of \(images)"
      } else {
        notes["temperature"] = "none: \(images) say no best one, as where all are right"
      }
    }
    guard postprocessing.contains(where: { $0.kind == SigmoidConfidence.kind }), scored.labels.count == 2 else {
      return notes
    }
    if case .fixed(let value) = settings.threshold {
      setThreshold(value)
      notes["threshold"] = settings.threshold.description
    } else if let value = threshold(by: settings.threshold, scored, temperature) {
      setThreshold(value)
      notes["threshold"] = "\(value), by \(settings.threshold) of \(images)"
    } else {
      notes["threshold"] =
        "as it was: \(images), fewer than \(DecisionSettings.fewestOfAClass) of a class, are too few to choose by"
    }
    return notes
  }

  /// From confidences as they will be, with the temperature.
  private func threshold(by rule: ThresholdRule, _ scored: ScoredExamples, _ temperature: Float?) -> Float? {
    let isSecond = scored.classes.map { $0 == 1 }
    let count = isSecond.count { $0 }
    guard min(count, scored.count - count) >= DecisionSettings.fewestOfAClass else { return nil }
    let confidences = isSecond.indices.map { example in
      // As the steps compute it, to the last bit.
      let logit = scored.logits[2 * example + 1]
      return SigmoidConfidence.probability(temperature.map { logit / $0 } ?? logit)
    }
    return ThresholdCurve(scores: confidences, isPositive: isSecond).threshold(by: rule)
  }

  fileprivate mutating func setThreshold(_ value: Float) {
    for index in postprocessing.indices where postprocessing[index].kind == SigmoidConfidence.kind {
      postprocessing[index].configuration["threshold"] = .number(Double("\(value)") ?? 0.5)
    }
  }
}
