public import FoveaCore

/// The metrics of the toolkit, in one visible list.
public enum BuiltinMetrics: BuiltinKinds {
  public static var sort: Sort<any Metric.Type> { .metrics }
  public static let all: [any Metric.Type] = [
    AccuracyMetric.self, BalancedAccuracyMetric.self, TopAccuracyMetric.self, PrecisionMetric.self, RecallMetric.self,
    F1Metric.self, ExactMatchMetric.self, MeanAveragePrecisionMetric.self, AreaUnderROCMetric.self, LogLossMetric.self,
    MeanAbsoluteErrorMetric.self, MeanSquareErrorMetric.self, RootMeanSquareErrorMetric.self, R2Metric.self,
  ]
}
