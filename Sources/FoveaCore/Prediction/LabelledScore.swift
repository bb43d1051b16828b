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
