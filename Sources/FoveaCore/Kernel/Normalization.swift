internal import CKernels
import COneDNN

/// Batch normalization, perhaps with the rectifier and a maximum pooling of windows of 2×2 behind it, as kernels that read
/// and write each tensor once; oneDNN's read it three times, and so does each layer that follows.
///
/// Milliseconds for 64 images of 32×64×64 with rectifier and pooling on two cores (AVX-512), beside oneDNN 2.6:
///
///     forward   1.1 ← 6.5        backward   2.1 ← 8.4
package struct Normalization: Sendable {
  /// What the backward pass needs.
  package struct Memory: Sendable {
    /// In the order that the kernels had it in.
    let input: Tensor
    package let mean: Tensor
    package let variance: Tensor
    /// Which element of each window was the largest.
    let winners: Tensor?
    let outputLayout: Layout
    /// How many numbers a channel has.
    package var count: Int { input.shape.count / mean.shape.count }
  }

  private let rectifies: Bool
  private let pools: Bool
  private let epsilon: Float
  private let outputShape: Shape
  private let instructions: VectorInstructions

  /// - Parameters:
  ///   - shape: `[channels, height, width]`, or `[features]`, which are not pooled.
  ///   - pools: halves height and width, rounded down, which must be 2 at least.
  package init(
    _ shape: Shape, epsilon: Float, rectifies: Bool, pools: Bool, instructions: VectorInstructions = .inUse
  ) {
    self.rectifies = rectifies
    self.pools = pools
    self.epsilon = epsilon
    outputShape = pools ? [shape[0], shape[1] / 2, shape[2] / 2] : shape
    self.instructions = instructions.isAvailable ? instructions : .portable
  }

  /// With the statistics of the batch.
  package func forward(_ input: Tensor, scale: Tensor, shift: Tensor) -> (output: Tensor, memory: Memory) {
    let (input, lanes) = arranged(input)
    let (mean, variance) = (Tensor(uninitialized: scale.shape), Tensor(uninitialized: scale.shape))
    var shape = shape(input, lanes: lanes)
    let scratch = Tensor(uninitialized: [fovea_normalization_scratch(&shape)])
    let watch = KernelRecorder.start()
    fovea_normalization_moments(
      &shape, instructions.raw, input.address, mean.address, variance.address, scratch.address)
    watch?.stop("normalization", instructions)
    let batch = input.shape[0]
    let winners =
      pools ? Tensor(uninitialized: [(input.layout.byteCount(outputShape.batched(batch)) + 15) / 16]) : nil
    let output = apply(input, lanes, mean, variance, scale, shift, winners, scratch)
    return (
      output,
      Memory(input: input, mean: mean, variance: variance, winners: winners, outputLayout: output.layout)
    )
  }

  /// With statistics that are given.
  package func infer(_ input: Tensor, mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor) -> Tensor {
    let (input, lanes) = arranged(input)
    var shape = shape(input, lanes: lanes)
    let scratch = Tensor(uninitialized: [fovea_normalization_scratch(&shape)])
    return apply(input, lanes, mean, variance, scale, shift, nil, scratch)
  }

  package func backward(
    _ outputGradient: Tensor, _ memory: Memory, scale: Tensor, shift: Tensor
  ) -> (input: Tensor, scale: Tensor, shift: Tensor) {
    let (input, lanes) = arranged(memory.input)
    var shape = shape(input, lanes: lanes)
    let gradient = outputGradient.converted(to: memory.outputLayout)
    let scratch = Tensor(uninitialized: [fovea_normalization_scratch(&shape)])
    let result = Tensor(uninitialized: input.shape, layout: input.layout)
    let (byScale, byShift) = (Tensor(uninitialized: scale.shape), Tensor(uninitialized: scale.shape))
    let (scale, shift) = (scale.plain(), shift.plain())
    let watch = KernelRecorder.start()
    fovea_normalization_backward(
      &shape, instructions.raw, input.address, memory.mean.address, memory.variance.address, scale.address,
      shift.address, gradient.address, memory.winners?.bytes, result.address, byScale.address, byShift.address,
      scratch.address)
    watch?.stop("normalization", instructions)
    withExtendedLifetime((input, memory, scale, shift, gradient, scratch)) {}
    return (result, byScale, byShift)
  }

  private func apply(
    _ input: Tensor, _ lanes: Int, _ mean: Tensor, _ variance: Tensor, _ scale: Tensor, _ shift: Tensor,
    _ winners: Tensor?, _ scratch: Tensor
  ) -> Tensor {
    var shape = shape(input, lanes: lanes)
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: input.layout)
    let (mean, variance, scale, shift) = (mean.plain(), variance.plain(), scale.plain(), shift.plain())
    let watch = KernelRecorder.start()
    fovea_normalization_forward(
      &shape, instructions.raw, input.address, mean.address, variance.address, scale.address, shift.address,
      output.address, winners?.bytes, scratch.address)
    watch?.stop("normalization", instructions)
    withExtendedLifetime((input, mean, variance, scale, shift, winners, scratch)) {}
    return output
  }

  /// The input in an order that the kernels know, and how many channels lie side by side in it.
  private func arranged(_ input: Tensor) -> (Tensor, lanes: Int) {
    guard input.shape.rank == 4 else { return (input.plain(), input.shape[1]) }
    // A vector would hold elements of two windows.
    if pools, input.layout == .plain || input.lanes == nil, let last = Layout.channelsLast(input.shape) {
      return (input.plain().converted(to: last), input.shape[1])
    }
    guard let lanes = input.lanes else { return (input.plain(), 1) }
    return (input, lanes)
  }

  private func shape(_ input: Tensor, lanes: Int) -> fovea_normalization {
    let (batch, channels) = (input.shape[0], input.shape[1])
    let isVector = input.shape.rank == 2
    return fovea_normalization(
      examples: isVector ? 1 : Int32(batch), channels: Int32(channels), blocks: Int32((channels + lanes - 1) / lanes),
      height: Int32(isVector ? batch : input.shape[2]), width: isVector ? 1 : Int32(input.shape[3]),
      lanes: Int32(lanes), rectifies: rectifies, pools: pools, epsilon: epsilon,
      threads: Int32(KernelThreads.current))
  }
}

extension Tensor {
  /// How many channels of a batch of images lie side by side; nil where that is no order that kernels of ours know.
  package var lanes: Int? {
    guard case .blocked(let blocked) = layout else { return 1 }
    guard blocked != .interleaved else { return nil }
    let lanes = Int(fovea_dnn_order_lanes(blocked.order))
    guard lanes > 0 else { return nil }
    return lanes == Int32.max ? shape[1] : lanes
  }

  /// This tensor in the order given, in memory that nobody else holds, for a kernel to write: its own where that is so.
  package consuming func owned(in layout: Layout) -> Tensor {
    var tensor = self
    if tensor.layout != layout { return tensor.converted(to: layout) }
    if tensor.isUnique() { return tensor }
    let copy = Tensor(uninitialized: tensor.shape, layout: layout)
    UnsafeMutableRawPointer(copy.address).copyMemory(from: tensor.address, byteCount: tensor.byteCount)
    withExtendedLifetime(tensor) {}
    return copy
  }

  /// The sum with a tensor of the same shape, in this one's memory where nobody else holds it.
  package consuming func adding(_ other: Tensor) -> Tensor {
    var sum = self
    if !sum.layout.holdsFloats || sum.layout == .interleaved { sum = sum.plain() }
    let other = other.converted(to: sum.layout)
    let result = sum.isUnique() ? sum : Tensor(uninitialized: sum.shape, layout: sum.layout)
    fovea_add(
      sum.byteCount / MemoryLayout<Float>.stride, Int32(KernelThreads.current), sum.address, other.address,
      result.address)
    withExtendedLifetime((sum, other)) {}
    return result
  }
}
