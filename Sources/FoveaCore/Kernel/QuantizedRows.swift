/// Weights in bytes: each filter's or unit's own scale times whole numbers, of which one is the largest at least.
///
/// They are symmetric and by channel, so that multiplying a filter by a number, as folding a normalization does, changes its
/// scale alone.
public struct QuantizedRows: Sendable {
  /// int8, of the weights' shape.
  public let numbers: Tensor
  /// float32, one of each row.
  public let scales: Tensor

  /// All that a byte holds on either side of zero.
  public static let usualLargest = 127
  /// So large at most, two products with bytes have room in 16 bits.
  static let mostSmall = 64

  /// What the scales of weights are called in a file, of whatever format.
  package static func name(ofScales weights: String) -> String { weights + suffixOfScales }
  package static let suffixOfScales = ".scales"

  /// - Parameters:
  ///   - weights: in plain order, one row for each index of the first axis.
  ///   - largest: of the whole numbers, 1…127.
  public init(_ weights: Tensor, largest: Int = QuantizedRows.usualLargest) {
    let largest = Float(max(1, min(Self.usualLargest, largest)))
    let rows = weights.shape.rank > 0 ? weights.shape[0] : 1
    let count = weights.shape.count / max(1, rows)
    var scales = [Float](repeating: 0, count: rows)
    var numbers = [Int8](repeating: 0, count: weights.shape.count)
    weights.withUnsafeFloats { weights in
      for row in 0..<rows {
        let range = row * count..<(row + 1) * count
        let scale = range.reduce(0) { max($0, abs(weights[$1])) } / largest
        guard scale.isNormal else { continue }
        scales[row] = scale
        for i in range {
          numbers[i] = Int8(max(-largest, min(largest, (weights[i] / scale).rounded(.toNearestOrEven))))
        }
      }
    }
    self.numbers = Tensor(elements: numbers, weights.shape)
    self.scales = Tensor(scales, [rows])
  }

  /// - Returns: nil unless there are whole numbers of a byte, and a scale for each row.
  public init?(numbers: Tensor, scales: Tensor) {
    guard numbers.element == .int8, numbers.shape.rank > 0, scales.element == .float32,
      scales.shape == [numbers.shape[0]]
    else { return nil }
    (self.numbers, self.scales) = (numbers, scales)
  }

  /// As floats, from which ``init(_:largest:)`` makes the same numbers again.
  public var weights: Tensor {
    let (numbers, factors) = (numbers.elements(of: Int8.self), scales.elements)
    let count = self.numbers.shape.count / max(1, factors.count)
    return Tensor(self.numbers.shape) { weights in
      for i in weights.indices { weights[i] = Float(numbers[i]) * factors[i / count] }
    }
  }
}
