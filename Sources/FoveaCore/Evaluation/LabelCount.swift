/// How often one label was given, how often it was right, and how many examples have it.
public struct LabelCount: LabelTallying, Equatable {
  /// Examples that have it and were given it.
  public var hits = 0
  public var given = 0
  public var have = 0

  public init() {}

  public mutating func add(given isGiven: Bool, has: Bool) {
    if isGiven { given += 1 }
    if has { have += 1 }
    if isGiven && has { hits += 1 }
  }

  public mutating func add(_ example: JudgedLabels, label: Int) {
    add(given: example.decisions[label], has: example.truths[label])
  }

  public mutating func add(_ other: LabelCount) {
    hits += other.hits
    given += other.given
    have += other.have
  }

  /// Of the examples that were given the label, the share that has it; undefined, nil, where none was given it.
  public var precision: Double? { Self.ratio(hits, given) }

  /// Of the examples that have the label, the share that was given it; undefined, nil, where none has it.
  public var recall: Double? { Self.ratio(hits, have) }

  /// The harmonic mean of both, 2·hits / (given + have), which is 0 where there are examples of the label and none was
  /// found; undefined, nil, where there are none.
  public var f1: Double? { have == 0 ? nil : Self.ratio(2 * hits, given + have) }

  package static func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
}

extension Sequence where Element == Double? {
  /// The mean of those that are defined; nil where none is.
  package var meanOfDefined: Double? {
    let defined = compactMap(\.self)
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }
}
