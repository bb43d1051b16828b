public import FoveaCore

/// Checks that what is no layer does what its protocol promises: steps, losses, color maps. The pendant of
/// ``LayerContract`` for the other kinds; each is checked with the configuration that is given, or its defaults.
public enum KindContract {
  /// A color map has 256 colors, and the same ones each time.
  public static func check<C: ColorMap>(_ type: C.Type, _ configuration: C = C()) -> ContractReport {
    var report = ContractReport("color map", kind: C.kind)
    report.checkConfiguration(configuration, kind: C.kind) { registry throws(RegistryError) in
      try registry.register(type)
    }
    report.check("there are 256 colors") {
      let count = configuration.table.count
      guard count == 768 else { throw Breach("the table has \(count) bytes, not 3 for each of 256 colors") }
      return "768 bytes"
    }
    report.check("the colors are the same each time") {
      guard configuration.table == configuration.table else { throw Breach("two calls give two tables") }
      return ""
    }
    return report
  }

  /// A postprocessing step turns predictions into predictions: finite scores, and a decision for a class that exists.
  public static func check<S: PostprocessingStep>(_ type: S.Type, _ configuration: S = S()) -> ContractReport {
    var report = ContractReport("postprocessing step", kind: S.kind)
    report.checkConfiguration(configuration, kind: S.kind) { registry throws(RegistryError) in
      try registry.register(type)
    }
    report.check("settings are valid") {
      try configuration.validate()
      return ""
    }
    var taken: [Int] = []
    var refusals: [String] = []
    for count in [1, 2, 10] {
      for outputs in outputs(count) {
        report.check("\(count) outputs, \(outputs.name)") {
          let labels = (0..<count).map { "class \($0)" }
          let result: Prediction
          do throws(PredictionError) {
            result = try [configuration].predict(outputs.values, labels: labels)
          } catch {
            refusals.append("\(error)")
            return "refused: \(error)"
          }
          taken.append(count)
          guard try [configuration].predict(outputs.values, labels: labels) == result else {
            throw Breach("two calls with the same outputs differ")
          }
          if let index = result.scores.firstIndex(where: { !$0.isFinite }) {
            throw Breach("score \(index) is \(result.scores[index])")
          }
          if let decision = result.decision, !result.scores.indices.contains(decision) {
            throw Breach("it decides for class \(decision) of \(result.scores.count)")
          }
          return result.decision.map { "class \($0)" } ?? "rejected"
        }
      }
    }
    report.check("some number of outputs is taken") {
      guard !taken.isEmpty else { throw Breach("all were refused: \(refusals.first ?? "")") }
      return Set(taken).sorted().map(String.init).joined(separator: ", ")
    }
    return report
  }

  private static func outputs(_ count: Int) -> [(name: String, values: [Float])] {
    let mixed = (0..<count).map { Float(($0 * 7 + 3) % 11) / 4 - 1 }
    return [
      ("usual", mixed), ("all equal", [Float](repeating: 0.5, count: count)), ("large", mixed.map { 1000 * $0 }),
    ]
  }
}
