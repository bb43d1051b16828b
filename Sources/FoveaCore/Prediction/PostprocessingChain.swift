/// Postprocessing steps in order, each of which takes what the one before it gives: from a network's outputs to a result.
public struct PostprocessingChain: Sendable {
  /// What it yields.
  public let resultType: any TaskResult.Type
  private let steps: [any PostprocessingStep]
  // The same where each turns one class into the next, as most do: then nothing is looked up for a picture.
  private let ofOneClass: [any PostprocessingStep<Prediction, Prediction>]?

  /// - Throws: ``PredictionError/order(kind:expected:got:)`` where a step takes something else than comes to it, and
  ///   ``PredictionError/noResult(kind:gives:)`` where the last one's is no result.
  public init(_ steps: [any PostprocessingStep]) throws(PredictionError) {
    var type: Any.Type = NetworkOutputs.self
    for step in steps { type = try step.output(for: type) }
    // The outputs themselves are scores of classes.
    if type == NetworkOutputs.self { type = Prediction.self }
    guard let resultType = type as? any TaskResult.Type else {
      throw .noResult(kind: steps.last.map { Swift.type(of: $0).kind } ?? "", gives: PredictionError.name(of: type))
    }
    self.resultType = resultType
    self.steps = steps
    let ofOneClass = steps.compactMap { $0 as? any PostprocessingStep<Prediction, Prediction> }
    self.ofOneClass = ofOneClass.count == steps.count ? ofOneClass : nil
  }

  /// The result of the type that is asked for.
  ///
  /// - Throws: ``PredictionError/otherResult(expected:got:)`` for another.
  package func result<R: TaskResult>(_ type: R.Type, of outputs: NetworkOutputs) throws(PredictionError) -> R {
    let result = try result(of: outputs)
    guard let own = result as? R else { throw .otherResult(expected: R.kind, got: Swift.type(of: result).kind) }
    return own
  }

  /// From one example's outputs to its result.
  ///
  /// - Throws: ``PredictionError`` where an output is not finite or a step does not go with the outputs.
  public func result(of outputs: NetworkOutputs) throws(PredictionError) -> any TaskResult {
    if ofOneClass != nil { return try prediction(of: outputs) }
    try outputs.checkNumbers()
    var value: any Sendable = outputs
    for step in steps { value = try step.applied(to: value) }
    if let result = value as? any TaskResult { return result }
    guard let outputs = value as? NetworkOutputs else {
      throw .noResult(kind: "postprocessing", gives: PredictionError.name(of: type(of: value)))
    }
    return try Prediction(outputs)
  }

  /// The same for outputs that are one number for each class.
  ///
  /// - Parameter areConfidences: whether the outputs are that before any step, as those of a softmax layer.
  /// - Throws: ``PredictionError/otherResult(expected:got:)`` where the steps yield something else than one class.
  public func prediction(
    _ outputs: [Float], labels: [String], areConfidences: Bool = false
  ) throws(PredictionError) -> Prediction {
    guard let ofOneClass else {
      return try prediction(of: NetworkOutputs(outputs, labels: labels, areConfidences: areConfidences))
    }
    if let index = outputs.firstIndex(where: { !$0.isFinite }) { throw .notANumber(output: index) }
    var prediction = Prediction(outputs: outputs, labels: labels, areConfidences: areConfidences)
    for step in ofOneClass { prediction = try step.apply(prediction) }
    return prediction
  }

  /// The same of outputs with a shape.
  public func prediction(of outputs: NetworkOutputs) throws(PredictionError) -> Prediction {
    guard resultType == Prediction.self else { throw .otherResult(expected: Prediction.kind, got: resultType.kind) }
    guard let ofOneClass else {
      guard let prediction = try result(of: outputs) as? Prediction else {
        throw .otherResult(expected: Prediction.kind, got: resultType.kind)
      }
      return prediction
    }
    try outputs.checkNumbers()
    var prediction = try Prediction(outputs)
    for step in ofOneClass { prediction = try step.apply(prediction) }
    return prediction
  }
}

extension PostprocessingStep {
  /// The type of what comes out where what comes in is a `type`.
  fileprivate func output(for type: Any.Type) throws(PredictionError) -> Any.Type {
    // Outputs become scores of classes by themselves.
    guard type == Input.self || type == NetworkOutputs.self && Input.self == Prediction.self else {
      throw .order(kind: Self.kind, expected: PredictionError.name(of: Input.self), got: PredictionError.name(of: type))
    }
    return Output.self
  }

  fileprivate func applied(to value: any Sendable) throws(PredictionError) -> any Sendable {
    if let input = value as? Input { return try apply(input) }
    if let outputs = value as? NetworkOutputs, let input = try Prediction(outputs) as? Input { return try apply(input) }
    throw .order(
      kind: Self.kind, expected: PredictionError.name(of: Input.self), got: PredictionError.name(of: type(of: value)))
  }
}

extension Collection where Element == any PostprocessingStep {
  /// From one example's raw outputs to its prediction. Before any step, the largest output wins. Whoever has many examples
  /// makes a ``PostprocessingChain`` once.
  ///
  /// - Parameter areConfidences: whether the outputs are that before any step, as those of a softmax layer.
  /// - Throws: ``PredictionError`` where an output is not finite or a step does not go with the outputs.
  public func predict(
    _ outputs: [Float], labels: [String], areConfidences: Bool = false
  ) throws(PredictionError) -> Prediction {
    try PostprocessingChain(Array(self)).prediction(outputs, labels: labels, areConfidences: areConfidences)
  }
}
