/// A layer that maps each element on its own: y = f(x). The output has the input's shape.
///
/// `value` and `derivative` are all it takes. The loops are compiled into the module that declares the layer, so a
/// plugin's function is inlined into them.
public protocol ElementwiseLayer: UnaryLayer where Cache == PlainCache {
  /// f(x).
  func value(_ x: Float) -> Float

  /// f′(x), given x and y = f(x).
  func derivative(_ x: Float, _ y: Float) -> Float

  /// Whether f(a) ≤ f(b) for all a ≤ b. Where a maximum pooling follows, the function may then come after it, on fewer
  /// numbers, and the convolution before it can pool in its own kernel. False unless the layer says otherwise.
  var neverFalls: Bool { get }
}

extension ElementwiseLayer {
  public var neverFalls: Bool { false }

  @inlinable
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PlainCache) {
    // The order of the elements does not matter here, as long as a blocked layout's padding stays zero.
    let input = value(0) == 0 ? input : input.plain()
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    let count = input.byteCount / MemoryLayout<Float>.stride
    let (x, y) = (input.address, output.address)
    for i in 0..<count { y[i] = value(x[i]) }
    withExtendedLifetime((input, output)) {}
    return (output, PlainCache(input: input, output: output))
  }

  @inlinable
  public func backward(
    _ outputGradient: Tensor, _ cache: PlainCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let outputGradient = outputGradient.converted(to: cache.output.layout)
    let result = Tensor(uninitialized: cache.input.shape, layout: cache.output.layout)
    let count = result.byteCount / MemoryLayout<Float>.stride
    let (x, y, dy, dx) = (cache.input.address, cache.output.address, outputGradient.address, result.address)
    for i in 0..<count { dx[i] = dy[i] * derivative(x[i], y[i]) }
    withExtendedLifetime((cache, outputGradient, result)) {}
    return result
  }
}
