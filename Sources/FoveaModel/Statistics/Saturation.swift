/// Where the ends of a bounded function lie, at which gradients vanish.
package struct Saturation: Sendable {
  private let low: Float?
  private let high: Float

  /// Nil of a kind that has no such ends.
  package init?(kind: String) {
    switch kind {
    case "sigmoid", "hardSigmoid": (low, high) = (0.01, 0.99)
    case "tanh": (low, high) = (-0.99, 0.99)
    // Its ends are at ±1.7159.
    case "scaledTanh": (low, high) = (-1.7, 1.7)
    // Below 0, it is as sparse as any rectifier.
    case "relu6": (low, high) = (nil, 6)
    default: return nil
    }
  }

  /// How many outputs lie there.
  func count(in values: some Sequence<Float>) -> Int {
    values.count { value in value >= high || low.map { value <= $0 } ?? false }
  }

  /// The share of outputs that lie there.
  package func share(of values: [Float]) -> Float {
    values.isEmpty ? 0 : Float(count(in: values)) / Float(values.count)
  }
}
