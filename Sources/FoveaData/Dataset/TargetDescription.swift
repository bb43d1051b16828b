public import FoveaCore

/// One thing that is to be learned of each example of a data set.
public struct TargetDescription: Sendable, Equatable {
  /// What it is called: the head of its column, or ``usualName``.
  public let name: String
  public let kind: TargetKind
  /// The names of the classes, labels or numbers.
  public let labels: [String]

  /// Where a data set gives one thing and no name for it.
  public static let usualName = "class"

  public init(name: String = usualName, kind: TargetKind = .oneClass, labels: [String]) {
    self.name = name
    self.kind = kind
    self.labels = labels
  }
}
