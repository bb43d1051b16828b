public import FoveaCore

/// The share of examples whose right class is among the k of the highest scores.
public struct TopAccuracyMetric: MeanMetric {
  public static let kind = "topAccuracy"
  public static let summary = "the share of examples whose right class is among the k best"
  public static let explanations = ["k": "how many of the best count, 1 or more"]

  public var k = 5

  public init() {}

  public init(k: Int) {
    self.k = k
  }

  public func checkSettings() throws {
    guard k >= 1 else {
      throw ConfigurationError.invalidValue(
        owner: "metric '\(Self.kind)'", key: "k", expected: "1 or more", got: "\(k)")
    }
  }

  /// `top5Accuracy`
  public var figure: String { "top\(k)Accuracy" }

  public func value(_ example: JudgedClass) -> Double? {
    example.prediction.ranking.prefix(k).contains(example.target) ? 1 : 0
  }
}
