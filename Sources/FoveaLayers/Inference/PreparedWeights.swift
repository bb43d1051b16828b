import FoveaCore
import Synchronization

/// A layer's weights as the kernels of a network in use want them: scaled where a normalization was folded into them, and
/// brought into a kernel's order once and not at each call.
///
/// There is one copy for each order that kernels of the layer ask for, which is one unless batches of very different sizes
/// come; the last ``mostOrders`` are kept. The plain weights are not kept beside them where they are not the model's own.
final class PreparedWeights: Sendable {
  private struct Arrangement: Sendable {
    let layout: Layout
    let weights: Tensor
  }

  private static let mostOrders = 4

  /// In plain order; nil where nothing is added.
  let bias: Tensor?
  private let weights: Tensor
  /// What the weights of each filter or unit are multiplied by.
  private let factors: [Float]?
  private let arrangements = Mutex<[Arrangement]>([])

  /// - Parameter weights: in plain order, those of one filter or unit after the other.
  init(_ weights: Tensor, _ bias: Tensor?, factors: [Float]? = nil) {
    self.weights = weights
    self.bias = bias
    self.factors = factors
  }

  /// In plain order.
  func plain() -> Tensor { factors == nil ? weights.plain() : arranged(in: .plain, as: weights.shape) }

  /// - Parameter shape: the weights' as the kernel sees them.
  func arranged(in layout: Layout, as shape: Shape) -> Tensor {
    if factors == nil, layout == weights.layout { return weights.reshaped(shape) }
    if let kept = arrangements.withLock({ Self.find(layout, shape, in: $0) }) { return kept }
    let fresh = scaled().reshaped(shape).converted(to: layout)
    return arrangements.withLock { arrangements in
      // Another thread may have been faster; one of the two is enough.
      if let first = Self.find(layout, shape, in: arrangements) { return first }
      if arrangements.count == Self.mostOrders { arrangements.removeFirst() }
      arrangements.append(Arrangement(layout: layout, weights: fresh))
      return fresh
    }
  }

  private static func find(_ layout: Layout, _ shape: Shape, in arrangements: [Arrangement]) -> Tensor? {
    arrangements.first { $0.layout == layout && $0.weights.shape == shape }?.weights
  }

  private func scaled() -> Tensor {
    guard let factors, !factors.isEmpty else { return weights }
    let row = weights.shape.count / factors.count
    return Tensor(weights.shape) { scaled in
      weights.withUnsafeFloats { source in
        for (index, factor) in factors.enumerated() {
          for i in index * row..<(index + 1) * row { scaled[i] = factor * source[i] }
        }
      }
    }
  }
}
