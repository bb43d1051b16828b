/// A result that decides for labels of a list that is known before: a class, several labels, the classes of boxes.
public protocol DecidedResult: TaskResult {
  /// All that it may decide for.
  var possibleLabels: [String] { get }

  /// What it has decided for, each once; nothing where an example was rejected, or nothing was found.
  var decidedLabels: [String] { get }
}

extension Prediction: DecidedResult {
  public var possibleLabels: [String] { scores.indices.map { labels.indices.contains($0) ? labels[$0] : String($0) } }
  public var decidedLabels: [String] { label.map { [$0] } ?? [] }
}

extension Labels: DecidedResult {
  public var possibleLabels: [String] { labels.map(\.name) }
  public var decidedLabels: [String] { decided }
}

extension Boxes: DecidedResult {
  public var possibleLabels: [String] { labels }

  public var decidedLabels: [String] {
    let found = Set(boxes.map(\.label))
    return labels.filter(found.contains)
  }
}
