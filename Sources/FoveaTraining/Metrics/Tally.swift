import FoveaCore

/// Adds up what an ``Evaluation`` of one kind of target says.
protocol Tally: Sendable {
  /// - Parameters:
  ///   - outputs: of one example, raw.
  ///   - row: which of `targets` is the example's.
  /// - Returns: what was decided for it.
  mutating func add(
    _ outputs: NetworkOutputs, _ targets: Targets, row: Int
  ) throws(TrainingError) -> Evaluator.Decision

  func finish(loss: Double?) -> Evaluation
}

extension PostprocessingChain {
  /// - Throws: ``TrainingError/prediction(_:)`` where the steps fail or yield another result.
  func result<Result: TaskResult>(
    _ type: Result.Type, of outputs: NetworkOutputs
  ) throws(TrainingError) -> Result {
    do throws(PredictionError) {
      guard let result = try result(of: outputs) as? Result else {
        throw .otherResult(expected: type.kind, got: resultType.kind)
      }
      return result
    } catch { throw .prediction(error) }
  }
}
