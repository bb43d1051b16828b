/// A metric that is a mean over the examples: all that it takes is one function. Its figure has the kind's own name.
///
/// ```swift
/// struct Nearness: MeanMetric {
///   static let kind = "nearness"
///   func value(_ example: JudgedNumbers) -> Double? { abs(example.values[0] - example.targets[0]) < 0.5 ? 1 : 0 }
/// }
/// ```
public protocol MeanMetric: Metric where Tally == MeanTally {
  // Named again, so that it is told from the function below.
  associatedtype Example

  /// - Returns: nil for an example that does not count.
  func value(_ example: Example) -> Double?

  /// What the figure is called, where that follows from the settings; the kind's name at first.
  var figure: String { get }

  /// Whether it is a part of a whole, 0…1, rather than in units of the data; it is at first.
  static var isShare: Bool { get }

  /// True at first.
  static var isLargerBetter: Bool { get }
}

/// A sum, and of how many.
public struct MeanTally: Sendable, Equatable {
  public var sum = 0.0
  public var count = 0

  public init() {}

  /// Undefined, nil, of none.
  public var mean: Double? { count == 0 ? nil : sum / Double(count) }
}

extension MeanMetric {
  public var figure: String { Self.kind }
  public static var isShare: Bool { true }
  public static var isLargerBetter: Bool { true }

  public func begin(labels: [String]) -> MeanTally { MeanTally() }

  public func add(_ example: Example, to tally: inout MeanTally) {
    guard let value = value(example) else { return }
    tally.sum += value
    tally.count += 1
  }

  public func add(_ other: MeanTally, to tally: inout MeanTally) {
    tally.sum += other.sum
    tally.count += other.count
  }

  public func figures(of tally: MeanTally) -> [MetricFigure] {
    [MetricFigure(figure, tally.mean, isShare: Self.isShare, isLargerBetter: Self.isLargerBetter)]
  }
}
