internal import CKernels
import COneDNN

/// Brings tensors from one layout into another.
enum Reorder {
  private struct Key: Hashable {
    let from: Layout
    let to: Layout
    let shape: Shape
  }

  // The process's own, and no layer's: a tensor is asked for its floats anywhere.
  private static let cache = KernelCache<Key>(limit: 256)

  static func convert(_ tensor: Tensor, to layout: Layout) -> Tensor {
    guard tensor.shape.count > 0 else { return Tensor(uninitialized: tensor.shape, layout: layout) }
    // oneDNN knows nothing of bytes, nor of interleaved order: by way of the plain one.
    if let scale = tensor.layout.byteScale {
      let floats = ByteMaps(tensor.shape).floats(of: tensor, scale)
      return layout == .plain ? floats : convert(floats, to: layout)
    }
    if let scale = layout.byteScale { return ByteMaps(tensor.shape).bytes(of: tensor, scale) }
    if tensor.layout == .interleaved {
      let apart = deinterleaved(tensor)
      return layout == .plain ? apart : reordered(apart, to: layout)
    }
    if layout == .interleaved {
      return interleaved(tensor.layout == .plain ? tensor : reordered(tensor, to: .plain))
    }
    return reordered(tensor, to: layout)
  }

  private static func reordered(_ tensor: Tensor, to layout: Layout) -> Tensor {
    let result = Tensor(uninitialized: tensor.shape, layout: layout)
    do {
      let key = Key(from: tensor.layout, to: layout, shape: tensor.shape)
      let kernel = try cache.kernel(key) { _ throws(KernelError) in
        let from = try tensor.layout.shaped(tensor.shape)
        let to = try layout.shaped(tensor.shape)
        return try KernelThreads.making(work: Double(result.byteCount)) { () throws(KernelError) in
          try Kernel([from, to], isReorder: true) { fovea_dnn_reorder_create(from.handle, to.handle, false, $0) }
        }
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
  private static func interleaved(_ plain: Tensor) -> Tensor {
    let result = Tensor(uninitialized: plain.shape, layout: .interleaved)
    let watch = KernelRecorder.start()
    fovea_interleave(
      Int32(plain.shape[0]), Int64(plain.shape.withoutBatch.count), plain.address, result.address)
    watch?.stop("interleave", isReorder: true)
    withExtendedLifetime(plain) {}
    return result
  }

  private static func deinterleaved(_ tensor: Tensor) -> Tensor {
    let result = Tensor(uninitialized: tensor.shape)
    let watch = KernelRecorder.start()
    fovea_deinterleave(
      Int32(tensor.shape[0]), Int64(tensor.shape.withoutBatch.count), tensor.address, result.address)
    watch?.stop("deinterleave", isReorder: true)
    withExtendedLifetime(tensor) {}
    return result
  }
}
