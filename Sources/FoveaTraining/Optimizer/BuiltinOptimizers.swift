public import FoveaCore

/// The optimizers of the toolkit, in one visible list.
public enum BuiltinOptimizers {
  public static let all: [any Optimizer.Type] = [
    StochasticGradientDescent.self, Adam.self, DiagonalLevenbergMarquardt.self,
  ]

  public static var kinds: [String] { all.map { $0.kind } }

  /// - Throws: ``TrainingError`` for an unknown kind or invalid settings.
  public static func make(_ kind: String, _ values: [String: ConfigurationValue]) throws(TrainingError) -> any Optimizer
  {
    guard let type = all.first(where: { $0.kind == kind }) else {
      throw .invalidSetting(
        name: "the optimizer", expected: "one of \(kinds.joined(separator: ", "))",
        got: "'\(kind)'" + (Spelling.nearest(to: kind, among: kinds).map { " (did you mean '\($0)'?)" } ?? ""))
    }
    return try decode(type, values)
  }

  private static func decode<O: Optimizer>(
    _ type: O.Type, _ values: [String: ConfigurationValue]
  ) throws(TrainingError) -> any Optimizer {
    do { return try ConfigurationDecoder.decode(type, from: values, owner: "optimizer '\(O.kind)'") } catch {
      throw .configuration(error)
    }
  }
}
