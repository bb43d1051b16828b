/// Beyond which values are far from the others.
///
/// Source: J. Tukey, "Exploratory Data Analysis", 1977, section 2D: outer fences, three times the spread of the middle half
/// beyond it.
struct Fences {
  let lower: Double
  let median: Double
  let upper: Double

  /// - Parameter values: one at least.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    // Between the two nearest, as NumPy's percentiles.
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    let (first, third) = (quantile(0.25), quantile(0.75))
    median = quantile(0.5)
    (lower, upper) = (first - 3 * (third - first), third + 3 * (third - first))
  }
}
