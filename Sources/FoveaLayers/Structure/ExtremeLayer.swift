public import FoveaCore

/// A layer that takes the largest, or the smallest, of its inputs at each place. Where several are it, the first gets the gradient.
public protocol ExtremeLayer: Layer where Cache == ExtremeCache, Configuration == NoConfiguration {
  /// Whether the first is kept.
  static func keeps(_ first: Float, over second: Float) -> Bool
}

/// What such a layer remembers: the number of the input that won, at each place, as floats; and how many there were.
public struct ExtremeCache: Sendable {
  let winners: Tensor
  let inputs: Int
}

extension ExtremeLayer {
  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: ExtremeCache) {
    let inputs = try Check(kind: Self.kind).together(inputs, outputShape)
    var best = inputs[0]
    var winners = Tensor(uninitialized: best.shape, layout: best.layout)
    winners.combine(best, best) { _, _ in 0 }
    for (index, input) in inputs.enumerated().dropFirst() {
      let (next, number) = (Tensor(uninitialized: best.shape, layout: best.layout), Float(index))
      let changed = Tensor(uninitialized: best.shape, layout: best.layout)
      // Zeros that pad a block stay zeros, and so does their winner.
      changed.combine(best, input) { Self.keeps($0, over: $1) ? 0 : number }
      next.combine(best, input) { Self.keeps($0, over: $1) ? $0 : $1 }
      let merged = Tensor(uninitialized: best.shape, layout: best.layout)
      merged.combine(winners, changed) { $1 > 0 ? $1 : $0 }
      (best, winners) = (next, merged)
    }
    return (best, ExtremeCache(winners: winners, inputs: inputs.count))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: ExtremeCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    let gradient = outputGradient.converted(to: cache.winners.layout)
    return (0..<cache.inputs).map { index in
      let (result, number) = (Tensor(uninitialized: gradient.shape, layout: gradient.layout), Float(index))
      result.combine(gradient, cache.winners) { $1 == number ? $0 : 0 }
      return result
    }
  }
}

extension Check {
  /// The shape that two or more inputs have all.
  func one(_ inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count >= 2 else {
      throw .inputCount(kind: kind, expected: "two or more inputs", got: inputs.count)
    }
    try anything(inputs[0])
    for shape in inputs where shape != inputs[0] { throw input("\(inputs[0]), as the first input has", shape) }
    return inputs[0]
  }

  /// Batches of one size, in one order.
  func together(_ inputs: [Tensor], _ shape: Shape) throws(LayerError) -> [Tensor] {
    _ = try batch(of: inputs[0], shape)
    for tensor in inputs where tensor.shape != inputs[0].shape {
      throw input("a batch as large as the first input's, \(inputs[0].shape)", tensor.shape)
    }
    let first = inputs[0].inChannelBlocks()
    return [first] + inputs.dropFirst().map { $0.converted(to: first.layout) }
  }
}
