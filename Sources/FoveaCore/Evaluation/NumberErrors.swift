/// Adds up how far one number is off.
public struct NumberErrors: LabelTallying {
  private var count = 0
  private var (absolute, square) = (0.0, 0.0)
  // Of what is right, by Welford's method, which loses no digits where the numbers are large and near each other.
  private var (mean, spread) = (0.0, 0.0)

  public init() {}

  /// - Parameter target: what is right.
  public mutating func add(_ value: Double, target: Double) {
    count += 1
    let difference = value - target
    absolute += abs(difference)
    square += difference * difference
    let deviation = target - mean
    mean += deviation / Double(count)
    spread += deviation * (target - mean)
  }

  public mutating func add(_ example: JudgedNumbers, label: Int) {
    add(example.values[label], target: example.targets[label])
  }

  /// Examples that came after these.
  ///
  /// Source: Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances".
  public mutating func add(_ other: NumberErrors) {
    guard other.count > 0 else { return }
    let (own, others) = (Double(count), Double(other.count))
    let deviation = other.mean - mean
    spread += other.spread + deviation * deviation * own * others / (own + others)
    mean += deviation * others / (own + others)
    count += other.count
    absolute += other.absolute
    square += other.square
  }

  /// The mean of |y − t|; undefined, nil, without examples, as the others are.
  public var meanAbsoluteError: Double? { count == 0 ? nil : absolute / Double(count) }

  /// The mean of (y − t)².
  public var meanSquareError: Double? { count == 0 ? nil : square / Double(count) }

  /// The root of that.
  public var rootMeanSquareError: Double? { meanSquareError?.squareRoot() }

  /// 1 − Σ (y − t)² / Σ (t − mean t)²: 1 where all is right, 0 for what is no better than the mean; undefined, nil, where
  /// all t are the same.
  public var r2: Double? { spread > 0 ? 1 - square / spread : nil }
}
