import FoveaCore
import Synchronization

/// A layer's weights as the kernels of a network in use want them: scaled where a normalization was folded into them, and
/// brought into a kernel's order, or transformed, once and not at each call.
///
/// There is one copy for each order that kernels of the layer ask for, which is one unless batches of very different sizes
/// come; the last ``mostOrders`` are kept. The plain weights are not kept beside them where they are not the model's own.
final class PreparedWeights: Sendable {
  private enum Form: Equatable {
    case order(Layout, Shape)
    case transformed
  }

  private struct Arrangement: Sendable {
    let form: Form
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
    return kept(as: .order(layout, shape)) { $0.reshaped(shape).converted(to: layout) }
  }

  /// As Winograd's algorithm multiplies with them. A layer has one such kernel.
  func transformed(for kernel: WinogradConvolution) -> Tensor { kept(as: .transformed, kernel.transformed) }

  private func kept(as form: Form, _ make: (Tensor) -> Tensor) -> Tensor {
    func find(in arrangements: [Arrangement]) -> Tensor? { arrangements.first { $0.form == form }?.weights }
    if let kept = arrangements.withLock({ find(in: $0) }) { return kept }
    let fresh = make(scaled())
    return arrangements.withLock { arrangements in
      // Another thread may have been faster; one of the two is enough.
      if let first = find(in: arrangements) { return first }
      if arrangements.count == Self.mostOrders { arrangements.removeFirst() }
      arrangements.append(Arrangement(form: form, weights: fresh))
      return fresh
    }
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
