import FoveaCore

/// Adds up how far numbers are off.
struct NumberTally: Tally {
  private struct Sums {
    var (absolute, square) = (0.0, 0.0)
    // Of the targets, by Welford's method, which loses no digits where they are large and near each other.
    var (mean, spread) = (0.0, 0.0)
  }

  private let chain: PostprocessingChain
  private let names: [String]
  private var count = 0
  private var sums: [Sums]

  init(_ chain: PostprocessingChain, names: [String]) {
    self.chain = chain
    self.names = names
    sums = Array(repeating: Sums(), count: names.count)
  }

  mutating func add(
    _ outputs: NetworkOutputs, _ targets: Targets, row: Int
  ) throws(TrainingError) -> Evaluator.Decision {
    guard case .numbers(let rows) = targets else { return .none }
    let result = try chain.result(Numbers.self, of: outputs)
    guard result.numbers.count == names.count, rows.width == names.count else {
      throw .invalidSetting(
        name: "the count of numbers", expected: "\(result.numbers.count), as the model puts out", got: "\(names.count)")
    }
    count += 1
    for (index, (number, target)) in zip(result.numbers, rows[row]).enumerated() {
      let (target, difference) = (Double(target), Double(number.value) - Double(target))
      sums[index].absolute += abs(difference)
      sums[index].square += difference * difference
      let deviation = target - sums[index].mean
      sums[index].mean += deviation / Double(count)
      sums[index].spread += deviation * (target - sums[index].mean)
    }
    return .none
  }

  func finish(loss: Double?) -> Evaluation {
    let whole = Double(max(1, count))
    let evaluation = NumberEvaluation(
      count: count, loss: loss,
      numbers: zip(names, sums).map { name, sums in
        .init(
          name: name, meanAbsoluteError: sums.absolute / whole,
          rootMeanSquareError: (sums.square / whole).squareRoot(),
          r2: sums.spread > 0 ? 1 - sums.square / sums.spread : nil)
      })
    return .numbers(evaluation)
  }
}
