internal import CKernels
import COneDNN

/// Brings tensors from one layout into another.
enum Reorder {
  // A blocked layout knows its dimensions, and two plain ones are never brought into each other.
  private struct Key: Hashable {
    let from: Layout
    let to: Layout
    let count: Int
  }

  // Reorders belong to no layer: a tensor is asked for its floats anywhere.
  private static let cache = KernelCache<Key>()

  static func convert(_ tensor: Tensor, to layout: Layout) -> Tensor {
    guard tensor.shape.count > 0 else { return Tensor(uninitialized: tensor.shape, layout: layout) }
    if layout == .interleaved || tensor.layout == .interleaved { return interleave(tensor, to: layout) }
    let result = Tensor(uninitialized: tensor.shape, layout: layout)
    do {
      let key = Key(from: tensor.layout, to: layout, count: tensor.shape.count)
      let kernel = try cache.kernel(key) { _ throws(KernelError) in
        let from = try tensor.layout.handle(tensor.shape)
        let to = try layout.handle(tensor.shape)
        return try Kernel(isReorder: true) { fovea_dnn_reorder_create(from, to, false, $0) }
      }
      try kernel.run([.source: tensor, .destination: result])
    } catch {
      // Layouts come from kernels, never from users, and every kernel's layout can be reordered; only a lack of memory
      // is left, which ends the program elsewhere too.
      preconditionFailure("\(tensor.shape): \(error)")  // unreachable: every kernel's layout can be reordered
    }
    return result
  }
}

extension Reorder {
  /// From or to interleaved order, of which oneDNN knows nothing: by way of the plain one.
  private static func interleave(_ tensor: Tensor, to layout: Layout) -> Tensor {
    let (batch, count) = (Int32(tensor.shape[0]), Int64(tensor.shape.withoutBatch.count))
    guard layout == .interleaved else {
      let result = Tensor(uninitialized: tensor.shape)
      fovea_deinterleave(batch, count, tensor.address, result.address)
      withExtendedLifetime(tensor) {}
      return result.converted(to: layout)
    }
    let (source, result) = (tensor.plain(), Tensor(uninitialized: tensor.shape, layout: .interleaved))
    fovea_interleave(batch, count, source.address, result.address)
    withExtendedLifetime(source) {}
    return result
  }
}

extension Layout {
  /// oneDNN's own handle of this layout for a tensor of the given shape.
  func handle(_ shape: Shape) throws(KernelError) -> fovea_dnn_layout {
    switch self {
    case .blocked(let blocked): return blocked.handle
    case .interleaved: throw KernelError(description: "oneDNN has no interleaved layout")
    case .plain:
      let dimensions = shape.dimensions.isEmpty ? [1] : shape.dimensions.map(Int64.init)
      guard let handle = fovea_dnn_layout_plain(Int32(dimensions.count), dimensions) else { throw KernelError.last() }
      return handle
    }
  }
}
