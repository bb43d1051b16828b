import FoveaCore

/// Rows of numbers that lie one after the other, each brought to mean 0 and variance 1, and then scaled and shifted: what the
/// normalizations share that look at one example.
struct RowNormalization: Sendable {
  /// How many numbers a row has.
  let count: Int
  let epsilon: Float

  /// - Parameters:
  ///   - normalized: becomes the rows at mean 0 and variance 1.
  ///   - deviations: becomes 1 / √(variance + epsilon) of each row.
  func normalize(
    _ input: UnsafeBufferPointer<Float>, into normalized: UnsafeMutableBufferPointer<Float>,
    _ deviations: UnsafeMutableBufferPointer<Float>
  ) {
    forEachRow(deviations.count) { row, start in
      let mean = sum(start) { input[$0] } / Float(count)
      let variance = sum(start) { (input[$0] - mean) * (input[$0] - mean) } / Float(count)
      let factor = 1 / (variance + epsilon).squareRoot()
      deviations[row] = factor
      for i in start..<start + count { normalized[i] = (input[i] - mean) * factor }
    }
  }

  /// The input's gradient of one that is by the normalized rows: (g − mean(g) − x̂·mean(g·x̂)) / deviation.
  func inputGradient(
    _ gradient: UnsafeMutableBufferPointer<Float>, _ normalized: UnsafeBufferPointer<Float>,
    _ deviations: UnsafeBufferPointer<Float>
  ) {
    forEachRow(deviations.count) { row, start in
      let mean = sum(start) { gradient[$0] } / Float(count)
      let slope = sum(start) { gradient[$0] * normalized[$0] } / Float(count)
      for i in start..<start + count { gradient[i] = (gradient[i] - mean - normalized[i] * slope) * deviations[row] }
    }
  }

  @inline(__always)
  private func forEachRow(_ rows: Int, _ body: (_ row: Int, _ start: Int) -> Void) {
    let threads = rows * count < 1 << 15 ? 1 : min(rows, KernelThreads.current)
    func run(_ range: Range<Int>) { for row in range { body(row, row * count) } }
    guard threads > 1 else { return run(0..<rows) }
    KernelThreads.run(threads) { part in run(rows * part / threads..<rows * (part + 1) / threads) }
  }

  /// In sixteen sums, so that rounding errors of long rows stay small.
  @inline(__always)
  private func sum(_ start: Int, _ value: (Int) -> Float) -> Float {
    var sums = SIMD16<Float>()
    var i = start
    while i + 16 <= start + count {
      for lane in 0..<16 { sums[lane] += value(i + lane) }
      i += 16
    }
    var rest: Float = 0
    while i < start + count {
      rest += value(i)
      i += 1
    }
    return sums.sum() + rest
  }
}

/// What a normalization of single examples remembers.
public struct RowNormalizationCache: Sendable {
  let normalized, deviations: Tensor
}

/// The passes of the normalizations that look at one example.
struct RowNormalizationPasses: Sendable {
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
