/// A layer written in plain floats: buffers in, buffers out, row-major, the batch in front.
///
/// The kernels' layouts, memory and threads are not its concern. What it costs: a reorder where its neighbour is a
/// convolution in a blocked layout.
public protocol PlainLayer: UnaryLayer where Cache == PlainCache {
  /// Writes `output`, which starts as zeros, from `input`.
  ///
  /// - Parameters:
  ///   - input: `[batch, …inputShape]`.
  ///   - parameters: in the order of ``Layer/parameters``.
  ///   - output: `[batch, …outputShape]`.
  func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  )

  /// Writes `inputGradient`, which starts as zeros, and adds to `parameterGradients`.
  func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>,
    _ parameterGradients: [UnsafeMutableBufferPointer<Float>])
}

/// What a ``PlainLayer`` remembers: what went in and what came out.
public struct PlainCache: Sendable {
  public let input: Tensor
  public let output: Tensor

  public init(input: Tensor, output: Tensor) {
    self.input = input
    self.output = output
  }
}

extension PlainLayer {
  @inlinable
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PlainCache) {
    let input = input.plain()
    let weights = parameters.map { $0.plain() }
    let batch = input.shape[0]
    var output = Tensor(zeros: outputShape.batched(batch))
    let buffers = weights.map { UnsafeBufferPointer(start: $0.address, count: $0.shape.count) }
    input.withUnsafeFloats { source in
      output.withUnsafeMutableFloats { forward(source, buffers, batch: batch, into: $0) }
    }
    withExtendedLifetime(weights) {}
    return (output, PlainCache(input: input, output: output))
  }

  @inlinable
  public func backward(
    _ outputGradient: Tensor, _ cache: PlainCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let weights = parameters.map { $0.plain() }
    let buffers = weights.map { UnsafeBufferPointer(start: $0.address, count: $0.shape.count) }
    var sums = parameters.map { Tensor(zeros: $0.shape) }
    var inputGradient = Tensor(zeros: cache.input.shape)
    let sumBuffers = sums.indices.map { index in sums[index].withUnsafeMutableFloats { $0 } }
    outputGradient.withUnsafeFloats { outputGradient in
      cache.input.withUnsafeFloats { input in
        cache.output.withUnsafeFloats { output in
          inputGradient.withUnsafeMutableFloats {
            backward(
              outputGradient, input: input, output: output, buffers, batch: cache.input.shape[0], into: $0, sumBuffers)
          }
        }
      }
    }
    for (index, sum) in sums.enumerated() { gradients.add(sum, to: index) }
    withExtendedLifetime(weights) {}
    return inputGradient
  }
}
