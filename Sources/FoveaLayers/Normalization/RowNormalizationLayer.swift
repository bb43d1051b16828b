public import FoveaCore

/// A normalization that looks at one example: rows of its numbers are brought to mean 0 and variance 1.
public protocol RowNormalizationLayer: UnaryLayer where Cache == RowNormalizationCache {
  var passes: RowNormalizationPasses { get }
}

/// What a normalization of single examples remembers.
public struct RowNormalizationCache: Sendable {
  let normalized, deviations: Tensor
}

/// The passes of the normalizations that look at one example.
public struct RowNormalizationPasses: Sendable {
  let check: Check
  let shape: Shape
  /// How many rows an example has.
  let rows: Int
  let kernel: RowNormalization
  /// The scale and the shift of element i of an example are those of number i / `repeats` modulo how many there are.
  let repeats: Int
  let parameters: [Parameter]

  init(
    _ check: Check, shape: Shape, rows: Int, epsilon: Float, scales: Shape, repeats: Int, hasScale: Bool
  ) throws(LayerError) {
    try check.that(epsilon > 0 && epsilon.isFinite, "epsilon", "a positive number", epsilon)
    self.check = check
    self.shape = shape
    self.rows = rows
    self.repeats = repeats
    kernel = RowNormalization(count: shape.count / rows, epsilon: epsilon)
    parameters = hasScale ? [Parameter("scale", scales, .constant(1)), Parameter("shift", scales, .zeros)] : []
  }

  func forward(
    _ input: Tensor, _ parameters: [Tensor]
  ) throws(LayerError) -> (output: Tensor, cache: RowNormalizationCache) {
    let batch = try check.batch(of: input, shape)
    var normalized = Tensor(uninitialized: input.shape)
    var deviations = Tensor(uninitialized: [batch * rows])
    input.withUnsafeFloats { input in
      normalized.withUnsafeMutableFloats { normalized in
        deviations.withUnsafeMutableFloats { kernel.normalize(input, into: normalized, $0) }
      }
    }
    let cache = RowNormalizationCache(normalized: normalized, deviations: deviations)
    guard parameters.count == 2 else { return (normalized, cache) }
    var output = normalized
    parameters[0].withUnsafeFloats { scale in
      parameters[1].withUnsafeFloats { shift in
        output.withUnsafeMutableFloats { output in
          forEachScale(batch, scale.count) { number, range in
            for i in range { output[i] = output[i] * scale[number] + shift[number] }
          }
        }
      }
    }
    return (output, cache)
  }

  func backward(
    _ outputGradient: Tensor, _ cache: RowNormalizationCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) -> Tensor? {
    var gradient = outputGradient.plain()
    let batch = gradient.shape[0]
    if parameters.count == 2 {
      gradients.add(to: 0) { sums in
        cache.normalized.withUnsafeFloats { normalized in
          gradient.withUnsafeFloats { gradient in
            forEachScale(batch, sums.count) { number, range in
              for i in range { sums[number] += gradient[i] * normalized[i] }
            }
          }
        }
      }
      gradients.add(to: 1) { sums in
        gradient.withUnsafeFloats { gradient in
          forEachScale(batch, sums.count) { number, range in
            for i in range { sums[number] += gradient[i] }
          }
        }
      }
    }
    guard context.needsInputGradients else { return nil }
    gradient.withUnsafeMutableFloats { gradient in
      if parameters.count == 2 {
        parameters[0].withUnsafeFloats { scale in
          forEachScale(batch, scale.count) { number, range in
            for i in range { gradient[i] *= scale[number] }
          }
        }
      }
      cache.normalized.withUnsafeFloats { normalized in
        cache.deviations.withUnsafeFloats { kernel.inputGradient(gradient, normalized, $0) }
      }
    }
    return gradient
  }

  /// The elements that have the same scale and shift, as far as they lie one after the other.
  @inline(__always)
  private func forEachScale(_ batch: Int, _ count: Int, _ body: (_ number: Int, _ range: Range<Int>) -> Void) {
    for index in 0..<batch * shape.count / repeats {
      body(index % count, index * repeats..<(index + 1) * repeats)
    }
  }
}

extension RowNormalizationLayer {
  public var outputShape: Shape { passes.shape }
  public var parameters: [Parameter] { passes.parameters }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: RowNormalizationCache) {
    try passes.forward(input, parameters)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: RowNormalizationCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    passes.backward(outputGradient, cache, parameters, context, into: &gradients)
  }
}
