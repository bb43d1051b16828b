public import FoveaCore

extension Prediction {
  /// The name of the class that was decided for; nil where the example was rejected.
  public var label: String? { decision.map(name) }

  /// The decided class's score, 0…1 behind the usual postprocessing; nil where the example was rejected.
  public var confidence: Float? { decision.flatMap { scores.indices.contains($0) ? scores[$0] : nil } }

  /// The `count` most probable classes, best first.
  public func best(_ count: Int) -> [LabelledScore] {
    ranking.prefix(max(count, 0)).map { LabelledScore(label: name($0), confidence: scores[$0]) }
  }

  /// A class without a name goes by its number.
  private func name(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
}

/// A class and how probable it is.
public struct LabelledScore: Sendable, Hashable, Codable {
  public let label: String
  public let confidence: Float

  public init(label: String, confidence: Float) {
    self.label = label
    self.confidence = confidence
  }
}
