public import FoveaCore

extension Prediction {
  /// The name of the class that was decided for; nil where the example was rejected.
  public var label: String? { decision.map(name) }

  /// The decided class's confidence, 0…1; nil where the example was rejected, or the scores are no confidences.
  public var confidence: Float? { areConfidences ? score : nil }

  /// The decided class's score, whatever it stands for; nil where the example was rejected.
  public var score: Float? { decision.flatMap { scores.indices.contains($0) ? scores[$0] : nil } }

  /// The `count` most probable classes, best first.
  public func best(_ count: Int) -> [LabelledScore] {
    ranking.prefix(max(count, 0)).map {
      LabelledScore(label: name($0), score: scores[$0], isConfidence: areConfidences)
    }
  }

  /// A class without a name goes by its number.
  private func name(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
}

/// A class and how probable it is.
public struct LabelledScore: Sendable, Hashable, Codable {
  public let label: String
  public let score: Float
  /// Whether the score is a confidence, 0…1.
  public let isConfidence: Bool

  /// Nil for a raw output.
  public var confidence: Float? { isConfidence ? score : nil }

  public init(label: String, confidence: Float) {
    self.init(label: label, score: confidence, isConfidence: true)
  }

  public init(label: String, score: Float, isConfidence: Bool) {
    self.label = label
    self.score = score
    self.isConfidence = isConfidence
  }

  // A score is under the name of what it is.
  private enum CodingKeys: String, CodingKey { case label, confidence, score }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    label = try container.decode(String.self, forKey: .label)
    isConfidence = container.contains(.confidence)
    score = try container.decode(Float.self, forKey: isConfidence ? .confidence : .score)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(score, forKey: isConfidence ? .confidence : .score)
  }
}
