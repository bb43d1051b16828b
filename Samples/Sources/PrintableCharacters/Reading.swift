import Foundation

/// What a network says about one picture.
struct Reading {
  /// Classes, the best first.
  let best: [Int]
  /// How unlike a character the picture is: the squared distance to the nearest code, as the paper has it, or how much
  /// the largest of softmax's probabilities is below 1.
  let strangeness: Float

  /// - Parameter outputs: one for each class.
  init(_ outputs: ArraySlice<Float>, hasDistances: Bool) {
    let values = Array(outputs)
    let costs = hasDistances ? values : values.map { -$0 }
    best = costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    let least = costs[best[0]]
    strangeness = hasDistances ? least : 1 - 1 / costs.reduce(0) { $0 + expf(least - $1) }
  }
}
