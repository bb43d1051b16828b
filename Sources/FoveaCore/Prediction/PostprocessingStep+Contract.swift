extension PostprocessingStep {
  public static var noun: String { Sort.postprocessing.noun }

  /// A postprocessing step gives the same result each time, and all numbers in it are finite; of classes, it decides for one
  /// that exists.
  public func checkContract(_ report: inout ContractReport) { checkContract(&report, after: []) }

  /// - Parameter before: the steps that make what this one takes, where that is neither scores nor the network's outputs.
  package func checkContract(_ report: inout ContractReport, after before: [any PostprocessingStep]) {
    guard Input.self == Prediction.self || Input.self == NetworkOutputs.self || !before.isEmpty else {
      report.check("it takes what another step gives") { "not run; name the steps before it with 'after'" }
      return
    }
    let steps = before + [self as any PostprocessingStep]
    var taken: [Shape] = []
    var refusals: [String] = []
    // Numbers for classes and the like; where more may be taken, rows of boxes and maps of classes.
    let shapes: [Shape] = [[1], [2], [10]]
    for shape in Input.self == Prediction.self ? shapes : shapes + [[3, 6], [2, 4, 5]] {
      for (name, values) in Self.outputs(shape.count) {
        report.check("\(shape.rank == 1 ? "\(shape[0])" : "\(shape)") outputs, \(name)") {
          let outputs = NetworkOutputs(values, shape: shape)
          let result: any TaskResult
          do throws(PredictionError) {
            result = try PostprocessingChain(steps).result(of: outputs)
          } catch {
            refusals.append("\(error)")
            return "refused: \(error)"
          }
          taken.append(shape)
          guard try PostprocessingChain(steps).result(of: outputs).equals(result) else {
            throw Breach("two calls with the same outputs differ")
          }
          return try Self.describe(result)
        }
      }
    }
    report.check("some number of outputs is taken") {
      guard !taken.isEmpty else { throw Breach("all were refused: \(refusals.first ?? "")") }
      var seen = Set<Shape>()
      return taken.filter { seen.insert($0).inserted }.map { $0.rank == 1 ? "\($0[0])" : "\($0)" }
        .joined(separator: ", ")
    }
  }

  private static func describe(_ result: any TaskResult) throws(Breach) -> String {
    guard let prediction = result as? Prediction else {
      for field in result.fields(top: 5) where !field.value.isFinite {
        throw Breach("'\(field.name)' is \(field.value)")
      }
      return type(of: result).kind
    }
    if let index = prediction.scores.firstIndex(where: { !$0.isFinite }) {
      throw Breach("score \(index) is \(prediction.scores[index])")
    }
    if let decision = prediction.decision, !prediction.scores.indices.contains(decision) {
      throw Breach("it decides for class \(decision) of \(prediction.scores.count)")
    }
    return prediction.decision.map { "class \($0)" } ?? "rejected"
  }

  private static func outputs(_ count: Int) -> [(name: String, values: [Float])] {
    let mixed = (0..<count).map { Float(($0 * 7 + 3) % 11) / 4 - 1 }
    return [
      ("usual", mixed), ("all equal", [Float](repeating: 0.5, count: count)), ("large", mixed.map { 1000 * $0 }),
    ]
  }
}
