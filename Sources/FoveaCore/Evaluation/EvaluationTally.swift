/// Adds up what an ``Evaluation`` of one kind of target says.
package protocol EvaluationTally: Sendable {
  associatedtype Example: JudgedExample

  /// - Returns: what was decided for the example; nil where it has not as many classes, labels or numbers as there are.
  mutating func add(_ example: Example) -> Evaluation.Decision?

  /// - Parameter loss: the mean over the examples; nil where there is none.
  func finish(loss: Double?) -> Evaluation
}

extension EvaluationTally {
  /// The same for what a pipeline yields, beside what is right.
  package mutating func add(_ result: any TaskResult, _ targets: Targets, _ index: Int) -> Evaluation.Decision? {
    Example(result, targets, index).flatMap { add($0) }
  }
}
