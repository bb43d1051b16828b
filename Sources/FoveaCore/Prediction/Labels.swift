/// Several labels, each decided for by itself: all, some or none of them may be right.
public struct Labels: TaskResult {
  public struct Label: Sendable, Hashable {
    public let name: String
    /// 0…1.
    public let confidence: Float
    /// From which confidence on the label is decided for, 0…1.
    public let threshold: Float
    public var isDecided: Bool

    public init(_ name: String, confidence: Float, threshold: Float = 0.5) {
      self.name = name
      self.confidence = confidence
      self.threshold = threshold
      isDecided = confidence >= threshold
    }
  }

  public static let kind = "labels"

  /// All labels, in the order of the outputs.
  public var labels: [Label]

  public init(_ labels: [Label]) { self.labels = labels }

  /// The names of those that were decided for.
  public var decided: [String] { labels.filter(\.isDecided).map(\.name) }

  /// Nil where there is no label of that name.
  public subscript(name: String) -> Label? { labels.first { $0.name == name } }

  public func fields(top: Int) -> [ResultField] {
    [
      ResultField("labels", .items(decided.map { .text($0) })),
      ResultField("confidence", .record(labels.map { ResultField($0.name, .number($0.confidence)) })),
    ]
  }

  /// Those that were decided for, then how sure the network is of each, the best first.
  public func cells(top: Int) -> [ResultCell] {
    let ranked = labels.sorted { $0.confidence > $1.confidence }
    return [
      ResultCell("labels", decided.isEmpty ? "(none)" : decided.joined(separator: ", ")),
      ResultCell(
        "confidence",
        ranked.map { "\($0.name) \(NumberText.percent($0.confidence))" }.joined(separator: ", ")),
    ]
  }
}
