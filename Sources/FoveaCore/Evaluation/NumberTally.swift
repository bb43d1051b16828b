/// Adds up how far numbers are off.
package struct NumberTally: EvaluationTally {
  private let names: [String]
  private var count = 0
  private var errors: [NumberErrors]

  package init(names: [String]) {
    self.names = names
    errors = names.map { _ in NumberErrors() }
  }

  package mutating func add(_ example: JudgedNumbers) -> Evaluation.Decision? {
    guard example.values.count == names.count else { return nil }
    count += 1
    for index in names.indices { errors[index].add(example, label: index) }
    return Evaluation.Decision.none
  }

  package func finish(loss: Double?) -> Evaluation {
    .numbers(
      NumberEvaluation(
        count: count, loss: loss,
        numbers: zip(names, errors).map { name, errors in
          .init(
            name: name, meanAbsoluteError: errors.meanAbsoluteError ?? 0,
            rootMeanSquareError: errors.rootMeanSquareError ?? 0, r2: errors.r2)
        }))
  }
}
