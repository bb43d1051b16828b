public import FoveaCore

/// Checks that what is no layer does what its protocol promises: steps, losses, optimizers. The pendant of
/// ``LayerContract`` for the other kinds; each is checked with the configuration that is given, or its defaults.
public enum KindContract {
  /// Checks a kind as a registry has it, by the contract of its sort; where that has none, by what holds for all kinds.
  ///
  /// - Returns: a report for each example, at least one.
  public static func check(_ kind: RegisteredKind) -> [ContractReport] {
    switch kind.type {
    case let type as any Operator.Type: LayerContract.check(type)
    case let type as any PreprocessingStep.Type: [defaults(type)]
    case let type as any PostprocessingStep.Type: [defaults(type)]
    case let type as any Loss.Type: [defaults(type)]
    case let type as any ColorMap.Type: [defaults(type)]
    case let type as any Optimizer.Type: [defaults(type)]
    case let type as any Schedule.Type: [defaults(type)]
    case let type as any Augmentation.Type: [defaults(type)]
    default: [checkSettings(kind.type.settingsType, of: kind)]
    }
  }

  // An existential's type can be opened as an argument, and not where a default is to be made of it.
  private static func defaults<S: PreprocessingStep>(_ type: S.Type) -> ContractReport { check(type) }
  private static func defaults<S: PostprocessingStep>(_ type: S.Type) -> ContractReport { check(type) }
  private static func defaults<L: Loss>(_ type: L.Type) -> ContractReport { check(type) }
  private static func defaults<C: ColorMap>(_ type: C.Type) -> ContractReport { check(type) }
  private static func defaults<O: Optimizer>(_ type: O.Type) -> ContractReport { check(type) }
  private static func defaults<S: Schedule>(_ type: S.Type) -> ContractReport { check(type) }
  private static func defaults<A: Augmentation>(_ type: A.Type) -> ContractReport { check(type) }

  private static func checkSettings<C: Settings>(_ type: C.Type, of kind: RegisteredKind) -> ContractReport {
    var report = ContractReport(kind.noun, kind: kind.kind)
    report.checkConfiguration(C.prototype, kind: kind.kind)
    return report
  }

  /// A color map has 256 colors, and the same ones each time.
  public static func check<C: ColorMap>(_ type: C.Type, _ configuration: C = C()) -> ContractReport {
    var report = ContractReport(Sort.colorMaps.noun, kind: C.kind)
    report.checkConfiguration(configuration, kind: C.kind)
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

  /// A postprocessing step gives the same result each time, and all numbers in it are finite; of classes, it decides for one
  /// that exists.
  ///
  /// - Parameter before: the steps that make what this one takes, where that is neither scores nor the network's outputs.
  public static func check<S: PostprocessingStep>(
    _ type: S.Type, _ configuration: S = S(), after before: [any PostprocessingStep] = []
  ) -> ContractReport {
    var report = ContractReport(Sort.postprocessing.noun, kind: S.kind)
    report.checkConfiguration(configuration, kind: S.kind)
    report.check("settings are valid") {
      try configuration.validate()
      return ""
    }
    guard S.Input.self == Prediction.self || S.Input.self == NetworkOutputs.self || !before.isEmpty else {
      report.check("it takes what another step gives") { "not run; name the steps before it with 'after'" }
      return report
    }
    let steps = before + [configuration as any PostprocessingStep]
    var taken: [Shape] = []
    var refusals: [String] = []
    // Numbers for classes and the like; where more may be taken, rows of boxes and maps of classes.
    let shapes: [Shape] = [[1], [2], [10]]
    for shape in S.Input.self == Prediction.self ? shapes : shapes + [[3, 6], [2, 4, 5]] {
      for (name, values) in outputs(shape.count) {
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
          return try describe(result)
        }
      }
    }
    report.check("some number of outputs is taken") {
      guard !taken.isEmpty else { throw Breach("all were refused: \(refusals.first ?? "")") }
      var seen = Set<Shape>()
      return taken.filter { seen.insert($0).inserted }.map { $0.rank == 1 ? "\($0[0])" : "\($0)" }
        .joined(separator: ", ")
    }
    return report
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
