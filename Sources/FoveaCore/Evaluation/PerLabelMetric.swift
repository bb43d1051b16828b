/// A metric that counts each class, label or number by itself, and makes one figure of the counts. Its figure has the kind's
/// own name.
public protocol PerLabelMetric: Metric where Tally == [Count] {
  /// What is counted of one label: ``LabelCount``, ``ScoreRanking``, ``NumberErrors``.
  associatedtype Count: LabelTallying where Count.Example == Example

  associatedtype Example = Count.Example

  /// - Parameter counts: of each label.
  func value(_ counts: [Count]) -> Double?

  /// What the figure is called, where that follows from the settings; the kind's name at first.
  var figure: String { get }

  /// Whether it is a part of a whole, 0…1, rather than in units of the data; it is at first.
  static var isShare: Bool { get }

  /// True at first.
  static var isLargerBetter: Bool { get }
}

/// What can be counted of one label of several.
public protocol LabelTallying: Sendable {
  associatedtype Example: JudgedExample
  init()

  /// - Parameter label: which of the example's.
  mutating func add(_ example: Example, label: Int)

  /// Examples that came after these.
  mutating func add(_ other: Self)
}

extension PerLabelMetric {
  public var figure: String { Self.kind }
  public static var isShare: Bool { true }
  public static var isLargerBetter: Bool { true }

  public func begin(labels: [String]) -> [Count] { labels.map { _ in Count() } }

  public func add(_ example: Example, to tally: inout [Count]) {
    for label in tally.indices { tally[label].add(example, label: label) }
  }

  public func add(_ other: [Count], to tally: inout [Count]) {
    for label in tally.indices { tally[label].add(other[label]) }
  }

  public func figures(of tally: [Count]) -> [MetricFigure] {
    [MetricFigure(figure, value(tally), isShare: Self.isShare, isLargerBetter: Self.isLargerBetter)]
  }
}
