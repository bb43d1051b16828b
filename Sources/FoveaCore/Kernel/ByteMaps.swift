internal import CKernels
import COneDNN

/// A batch of maps as bytes, channels last: `[batch, channels, …]`, or vectors, which are maps of one pixel.
struct ByteMaps {
  private let shape: Shape
  private let channels, pixels: Int

  /// What kernels may read behind the last byte.
  private static let slack = 64

  init(_ shape: Shape) {
    self.shape = shape
    channels = shape.rank > 1 ? shape[1] : 1
    pixels = shape.rank > 2 ? shape.count / max(1, shape[0] * shape[1]) : 1
  }

  /// From one pixel to the next.
  var pitch: Int { Int(fovea_byte_pitch(Int64(channels))) }

  var byteCount: Int { (shape.rank > 0 ? shape[0] : 1) * pixels * pitch + Self.slack }

  private func raw(lanes: Int) -> fovea_byte_maps {
    fovea_byte_maps(
      batch: Int64(shape.rank > 0 ? shape[0] : 1), channels: Int64(channels), pixels: Int64(pixels),
      lanes: Int32(clamping: lanes), threads: Int32(clamping: KernelThreads.current))
  }

  /// - Parameter tensor: of floats in whatever layout.
  func bytes(of tensor: Tensor, _ scale: ByteScale) -> Tensor {
    let (source, lanes) = arranged(tensor)
    let result = Tensor(uninitialized: shape, layout: .bytes(scale))
    var maps = raw(lanes: lanes)
    let watch = KernelRecorder.start()
    fovea_bytes_from_floats(&maps, scale.scale, scale.zeroPoint, source.address, result.bytes)
    watch?.stop("bytes from floats", isReorder: true)
    withExtendedLifetime(source) {}
    return result
  }

  /// The order in which the kernel takes floats: plain, oneDNN's blocks of channels, or channels last.
  private func arranged(_ tensor: Tensor) -> (Tensor, lanes: Int) {
    if case .blocked(let blocked) = tensor.layout, blocked != .interleaved, tensor.layout.holdsFloats {
      let lanes = Int(fovea_dnn_order_lanes(blocked.order))
      if lanes == Int(Int32.max) { return (tensor, 0) }
      if lanes > 0 { return (tensor, lanes) }
    }
    return (tensor.plain(), 1)
  }

  func floats(of tensor: Tensor, _ scale: ByteScale) -> Tensor {
    let result = Tensor(uninitialized: shape)
    var maps = raw(lanes: 1)
    let watch = KernelRecorder.start()
    fovea_floats_from_bytes(&maps, scale.scale, scale.zeroPoint, tensor.bytes, result.address)
    watch?.stop("floats from bytes", isReorder: true)
    withExtendedLifetime(tensor) {}
    return result
  }

  /// The mean of each map, `[batch, channels]`.
  func means(of tensor: Tensor, _ scale: ByteScale) -> Tensor {
    let result = Tensor(uninitialized: [shape[0], channels])
    let watch = KernelRecorder.start()
    fovea_byte_means(
      Int64(shape[0]), Int64(pixels), Int64(channels), scale.zeroPoint, scale.scale / Float(pixels), tensor.bytes,
      result.address)
    watch?.stop("bytes: means")
    withExtendedLifetime(tensor) {}
    return result
  }
}

extension Tensor {
  /// The mean of each map, `[batch, channels]`; nil unless it is of bytes.
  package func byteMeans() -> Tensor? {
    layout.byteScale.map { ByteMaps(shape).means(of: self, $0) }
  }
}
