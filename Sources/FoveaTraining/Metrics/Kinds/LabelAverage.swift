import FoveaCore

/// How one figure is made of those of several classes or labels.
public enum LabelAverage: String, Sendable, Codable, CaseIterable {
  /// The mean over those for which it is defined.
  case macro
  /// The figure of all counts together.
  case micro
  /// The mean weighted by how many examples have the label.
  case weighted

  static let explanation =
    "the mean over the labels (macro), that of all their counts together (micro), or the mean weighted by their examples"

  func of(_ counts: [LabelCount], _ figure: (LabelCount) -> Double?) -> Double? {
    switch self {
    case .macro: return counts.map(figure).meanOfDefined
    case .micro:
      var sum = LabelCount()
      for count in counts { sum.add(count) }
      return figure(sum)
    case .weighted:
      let defined = counts.compactMap { count in figure(count).map { (Double(count.have), $0) } }
      let whole = defined.reduce(0) { $0 + $1.0 }
      return whole == 0 ? nil : defined.reduce(0) { $0 + $1.0 * $1.1 } / whole
    }
  }
}
