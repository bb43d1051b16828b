/// Whether two maps agree on what is hot.
public enum RankCorrelation {
  /// Spearman's: 1 where the order of places is the same, 0 where the one says nothing about the other; 0 where a map is flat.
  ///
  /// Source: Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim 2018, "Sanity Checks for Saliency Maps", section 3.
  public static func of(_ one: [Float], _ other: [Float]) -> Float {
    guard one.count == other.count, one.count > 1 else { return 0 }
    let (a, b) = (ranks(one), ranks(other))
    let mean = Double(one.count - 1) / 2
    var (products, squareA, squareB) = (0.0, 0.0, 0.0)
    for place in a.indices {
      products += (a[place] - mean) * (b[place] - mean)
      squareA += (a[place] - mean) * (a[place] - mean)
      squareB += (b[place] - mean) * (b[place] - mean)
    }
    guard squareA > 0, squareB > 0 else { return 0 }
    return Float(products / (squareA * squareB).squareRoot())
  }

  /// Equal values share the mean of their ranks.
  private static func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
