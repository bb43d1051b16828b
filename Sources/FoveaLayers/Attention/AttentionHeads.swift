import FoveaCore

/// softmax(q·kᵀ / √d)·v for each head of each example, and its gradients.
///
/// Queries, keys and values of a token stand one after the other: `[batch · tokens, 3 · features]`.
struct AttentionHeads: Sendable {
  let count, tokens: Int
  /// Of all heads together.
  let features: Int

  private var size: Int { features / count }
  private var scale: Float { 1 / Float(size).squareRoot() }

  /// - Returns: `[batch · tokens, features]`, and the weights `[batch, heads, tokens, tokens]`.
  func forward(_ projected: Tensor, batch: Int) -> (joined: Tensor, weights: Tensor) {
    let joined = Tensor(zeros: [batch * tokens, features])
    let weights = Tensor(uninitialized: [batch, count, tokens, tokens])
    let (source, result, shares) = (projected.address, joined.address, weights.address)
    forEachHead(batch) { row, head in
      let (queries, keys, values) = parts(source, row, head)
      for token in 0..<tokens {
        let share = shares + ((row * count) + head * tokens + token) * tokens
        var largest = -Float.infinity
        for other in 0..<tokens {
          share[other] = scale * dot(queries + token * 3 * features, keys + other * 3 * features)
          largest = max(largest, share[other])
        }
        softmax(share, largest)
        let output = result + (row + token) * features + head * size
        for other in 0..<tokens { add(share[other], values + other * 3 * features, to: output) }
      }
    }
    withExtendedLifetime(projected) {}
    return (joined, weights)
  }

  /// - Returns: the gradient by what was projected.
  func backward(_ gradient: Tensor, _ projected: Tensor, _ weights: Tensor, batch: Int) -> Tensor {
    let result = Tensor(zeros: projected.shape)
    let (source, target, outer, shares) = (projected.address, result.address, gradient.address, weights.address)
    forEachHead(batch) { row, head in
      let (queries, keys, values) = parts(source, row, head)
      let (byQueries, byKeys, byValues) = parts(target, row, head)
      var slopes = [Float](repeating: 0, count: tokens)
      for token in 0..<tokens {
        let share = shares + ((row * count) + head * tokens + token) * tokens
        let given = outer + (row + token) * features + head * size
        var mean: Float = 0
        for other in 0..<tokens {
          slopes[other] = dot(given, values + other * 3 * features)
          mean += share[other] * slopes[other]
          add(share[other], given, to: byValues + other * 3 * features)
        }
        for other in 0..<tokens {
          let slope = scale * share[other] * (slopes[other] - mean)
          add(slope, keys + other * 3 * features, to: byQueries + token * 3 * features)
          add(slope, queries + token * 3 * features, to: byKeys + other * 3 * features)
        }
      }
    }
    withExtendedLifetime((gradient, projected, weights)) {}
    return result
  }

  /// The head's part of the first token's query, key and value.
  private func parts(
    _ projected: UnsafeMutablePointer<Float>, _ row: Int, _ head: Int
  ) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) {
    let start = projected + row * 3 * features + head * size
    return (start, start + features, start + 2 * features)
  }

  /// Each head of each example, by the number of the example's first token, on the threads that kernels use.
  private func forEachHead(_ batch: Int, _ body: (_ row: Int, _ head: Int) -> Void) {
    let all = batch * count
    func run(_ range: Range<Int>) { for index in range { body(index / count * tokens, index % count) } }
    let threads = min(all, KernelThreads.current)
    guard threads > 1 else { return run(0..<all) }
    KernelThreads.run(threads) { part in run(all * part / threads..<all * (part + 1) / threads) }
  }

  private func softmax(_ share: UnsafeMutablePointer<Float>, _ largest: Float) {
    var sum: Float = 0
    for start in stride(from: 0, to: tokens, by: 16) {
      var vector = SIMD16<Float>()
      let used = min(16, tokens - start)
      for lane in 0..<used { vector[lane] = share[start + lane] - largest }
      vector = vector.exponential()
      for lane in 0..<used {
        share[start + lane] = vector[lane]
        sum += vector[lane]
      }
    }
    for other in 0..<tokens { share[other] /= sum }
  }

  private func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Float {
    var sums = SIMD16<Float>()
    var i = 0
    while i + 16 <= size {
      sums +=
        UnsafeRawPointer(a + i).loadUnaligned(as: SIMD16<Float>.self)
        * UnsafeRawPointer(b + i).loadUnaligned(as: SIMD16<Float>.self)
      i += 16
    }
    var rest: Float = 0
    while i < size {
      rest += a[i] * b[i]
      i += 1
    }
    return sums.sum() + rest
  }

  private func add(_ factor: Float, _ vector: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>) {
    for i in 0..<size { sum[i] += factor * vector[i] }
  }
}
