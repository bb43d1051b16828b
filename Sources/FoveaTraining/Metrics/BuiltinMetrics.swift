public import FoveaCore

/// The metrics of the toolkit, in one visible list.
public enum BuiltinMetrics {
  public static let all: [any Metric.Type] = [
    AccuracyMetric.self, BalancedAccuracyMetric.self, TopAccuracyMetric.self, PrecisionMetric.self, RecallMetric.self,
    F1Metric.self, ExactMatchMetric.self, MeanAveragePrecisionMetric.self, AreaUnderROCMetric.self, LogLossMetric.self,
    MeanAbsoluteErrorMetric.self, MeanSquareErrorMetric.self, RootMeanSquareErrorMetric.self, R2Metric.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
