/// A figure that says in one number how well a model does.
public struct MetricFigure: Sendable, Equatable {
  /// In JSON: `accuracy`, `meanAveragePrecision`, `r2`; of several outputs `digit.accuracy`.
  public let key: String
  /// Nil where it is undefined, such as the recall of a class that no example has.
  public let value: Double?
  /// Whether it is a part of a whole, 0…1, rather than in units of the data.
  public let isShare: Bool
  public let isLargerBetter: Bool

  public init(_ key: String, _ value: Double?, isShare: Bool = false, isLargerBetter: Bool = true) {
    (self.key, self.value, self.isShare, self.isLargerBetter) = (key, value, isShare, isLargerBetter)
  }

  /// The same of one of several outputs.
  public func of(output name: String) -> MetricFigure {
    MetricFigure("\(name).\(key)", value, isShare: isShare, isLargerBetter: isLargerBetter)
  }

  /// The same figure of other examples.
  package func with(_ value: Double?) -> MetricFigure {
    MetricFigure(key, value, isShare: isShare, isLargerBetter: isLargerBetter)
  }

  /// For people: `mean average precision`, `mean average precision of animals`.
  public var title: String {
    let place = key.lastIndex(of: ".")
    let words = place.map { Self.words(key[key.index(after: $0)...]) } ?? Self.words(key[...])
    return place.map { "\(words) of \(key[..<$0])" } ?? words
  }

  /// `meanAbsoluteError` as `mean absolute error`; what is all capitals stays so.
  private static func words(_ key: Substring) -> String {
    var words: [String] = []
    for letter in key {
      let isCapital = letter.isUppercase
      if words.isEmpty || isCapital && words[words.count - 1].last?.isUppercase != true { words.append("") }
      words[words.count - 1].append(letter)
    }
    let texts = words.map { $0.count > 1 && $0.dropFirst().contains(where: \.isLowercase) ? $0.lowercased() : $0 }
    return texts.map { ["r2": "R²", "f1": "F1"][$0] ?? $0 }.joined(separator: " ")
  }
}
