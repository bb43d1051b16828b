import FoveaCore

extension WeightBlock {
  /// Calls `body` with each weight's place, from the first one's address on, and its gradient.
  @inline(__always) func withWeights(_ body: (_ place: Int, _ gradient: Float) -> Void) {
    for row in 0..<rows {
      let (first, gradients) = (row * pitch, gradients + row * columns)
      for column in 0..<columns { body(first + column, gradients[column]) }
    }
  }
}
