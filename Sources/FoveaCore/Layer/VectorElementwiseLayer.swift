/// An ``ElementwiseLayer`` that computes sixteen numbers at once: many times as fast where the function takes more than a
/// comparison.
///
/// Write the formula with vectors' own operators (`+`, `*`, `.<`, `replacing(with:where:)`) and with
/// ``Swift/SIMD16/exponential()``, ``Swift/SIMD16/logistic()`` and ``Swift/SIMD16/hyperbolicTangent()``. Leave
/// `addingProduct` alone: without FMA instructions, which a plugin is not compiled for, it is a call for each number.
public protocol VectorElementwiseLayer: ElementwiseLayer {
  /// f(x) of each.
  func value(_ x: SIMD16<Float>) -> SIMD16<Float>

  /// f′(x) of each, given x and y = f(x).
  func derivative(_ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float>
}

extension VectorElementwiseLayer {
  @inlinable
  public func value(_ x: Float) -> Float { value(SIMD16(repeating: x))[0] }

  @inlinable
  public func derivative(_ x: Float, _ y: Float) -> Float {
    derivative(SIMD16(repeating: x), SIMD16(repeating: y))[0]
  }

  @inlinable
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PlainCache) {
    // The order of the elements does not matter here, as long as a blocked layout's padding stays zero.
    let input = value(0) == 0 ? input : input.plain()
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    let (x, y) = (input.address, output.address)
    Vectors.forEach(input.byteCount / MemoryLayout<Float>.stride) { i, lanes in
      Vectors.store(value(Vectors.load(x + i, lanes)), y + i, lanes)
    }
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
    let (x, y, dy, dx) = (cache.input.address, cache.output.address, outputGradient.address, result.address)
    Vectors.forEach(result.byteCount / MemoryLayout<Float>.stride) { i, lanes in
      let slope = derivative(Vectors.load(x + i, lanes), Vectors.load(y + i, lanes))
      Vectors.store(Vectors.load(dy + i, lanes) * slope, dx + i, lanes)
    }
    withExtendedLifetime((cache, outputGradient, result)) {}
    return result
  }
}

/// Sixteen floats at a time, and what is left at the end.
@usableFromInline
enum Vectors {
  @inlinable
  static func forEach(_ count: Int, _ body: (_ start: Int, _ lanes: Int) -> Void) {
    var i = 0
    while i + 16 <= count {
      body(i, 16)
      i += 16
    }
    if i < count { body(i, count - i) }
  }

  @inlinable
  static func load(_ address: UnsafePointer<Float>, _ lanes: Int) -> SIMD16<Float> {
    if lanes == 16 { return UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self) }
    var vector = SIMD16<Float>()
    for lane in 0..<lanes { vector[lane] = address[lane] }
    return vector
  }

  @inlinable
  static func store(_ vector: SIMD16<Float>, _ address: UnsafeMutablePointer<Float>, _ lanes: Int) {
    if lanes == 16 {
      UnsafeMutableRawPointer(address).storeBytes(of: vector, as: SIMD16<Float>.self)
    } else {
      for lane in 0..<lanes { address[lane] = vector[lane] }
    }
  }
}
