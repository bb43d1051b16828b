import FoveaCore

/// What a layer has put out for one example, or for several that were added one after the other.
struct LayerTally: Sendable {
  private(set) var examples = 0
  /// For how many examples each unit was not 0 everywhere; nil where not all examples have as many units.
  private(set) var active: [UInt32]? = []
  /// How many numbers there were.
  private(set) var count = 0
  private(set) var zeros = 0
  private(set) var saturated = 0
  /// Of the numbers that are finite, as all that follow.
  private(set) var finite = 0
  private(set) var minimum = Float.infinity
  private(set) var maximum = -Float.infinity
  private(set) var mean = 0.0
  /// The sum of squared differences from the mean.
  private(set) var squares = 0.0

  /// One for each example of a batch.
  ///
  /// - Parameter outputs: `[batch, …]` each; the units are those of the first.
  static func each(of outputs: Tensors, _ saturation: Saturation?) -> [LayerTally] {
    var tallies = Array(repeating: LayerTally(), count: outputs.head.shape[0])
    for (index, output) in outputs.enumerated() {
      let shape = output.shape.withoutBatch
      output.withUnsafeFloats { floats in
        for row in tallies.indices {
          let values = UnsafeBufferPointer(rebasing: floats[row * shape.count..<(row + 1) * shape.count])
          tallies[row].add(values, saturation)
          if index == 0 { (tallies[row].examples, tallies[row].active) = (1, active(values, shape)) }
        }
      }
    }
    return tallies
  }

  /// Adds the same layer's tally of further examples.
  mutating func add(_ other: LayerTally) {
    if examples == 0 {
      active = other.active
    } else if let others = other.active, active?.count == others.count {
      for (unit, count) in others.enumerated() { active?[unit] += count }
    } else {
      active = nil
    }
    examples += other.examples
    addNumbers(of: other)
  }

  private mutating func add(_ values: UnsafeBufferPointer<Float>, _ saturation: Saturation?) {
    var (zeros, finite, sum) = (0, 0, 0.0)
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values {
      if value == 0 { zeros += 1 }
      guard value.isFinite else { continue }
      (low, high) = (min(low, value), max(high, value))
      finite += 1
      sum += Double(value)
    }
    var part = LayerTally()
    (part.count, part.zeros, part.saturated) = (values.count, zeros, saturation?.count(in: values) ?? 0)
    (part.finite, part.minimum, part.maximum) = (finite, low, high)
    let mean = sum / Double(max(finite, 1))
    var squares = 0.0
    for value in values where value.isFinite { squares += (Double(value) - mean) * (Double(value) - mean) }
    (part.mean, part.squares) = (mean, squares)
    addNumbers(of: part)
  }

  private mutating func addNumbers(of other: LayerTally) {
    count += other.count
    zeros += other.zeros
    saturated += other.saturated
    guard other.finite > 0 else { return }
    (minimum, maximum) = (min(minimum, other.minimum), max(maximum, other.maximum))
    // By Chan, Golub and LeVeque: sums of squares would lose the digits of numbers that lie far from 0 and close together.
    let (own, others) = (Double(finite), Double(other.finite))
    let difference = other.mean - mean
    mean += difference * others / (own + others)
    squares += other.squares + difference * difference * own * others / (own + others)
    finite += other.finite
  }

  /// Whether each unit is not 0 somewhere: each map, each number, and of tokens each feature.
  private static func active(_ values: UnsafeBufferPointer<Float>, _ shape: Shape) -> [UInt32] {
    guard shape.rank > 0 else { return values.map { $0 == 0 ? 0 : 1 } }
    let units = shape.rank == 2 ? shape[1] : shape[0]
    let places = shape.count / max(units, 1)
    let (step, next) = shape.rank == 2 ? (units, 1) : (1, places)
    return (0..<units).map { unit in
      (0..<places).contains { values[unit * next + $0 * step] != 0 } ? 1 : 0
    }
  }
}
