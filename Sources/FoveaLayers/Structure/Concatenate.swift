public import FoveaCore

/// The channels of two or more inputs, one after the other: `[c1, height, width]`, `[c2, height, width]`, … to
/// `[c1 + c2 + …, height, width]`; vectors likewise.
public struct Concatenate: Layer {
  /// The number of examples.
  public struct Cache: Sendable {
    let batch: Int
  }

  private struct Key: Hashable, Sendable {
    let batch: Int
    let layouts: [Layout]
  }

  public static let kind = "concatenate"
  public static let summary = "the channels of its inputs, one after the other"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  private let inputShapes: [Shape]
  private let kernels = KernelCache<Key>()

  /// - Throws: ``LayerError`` where there are fewer than two inputs, or they differ in more than the channels.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    let check = Check(kind: Self.kind)
    guard inputs.count >= 2 else {
      throw .inputCount(kind: Self.kind, expected: "two or more inputs", got: inputs.count)
    }
    let rest = inputs[0].dimensions.dropFirst()
    var channels = 0
    for input in inputs {
      try check.anything(input)
      guard input.dimensions.dropFirst().elementsEqual(rest) else {
        throw check.input("the first input's \(inputs[0]) in all but the channels", input)
      }
      channels += input[0]
    }
    // Many inputs together are more than an extent can be, though each of them is one.
    guard let output = try? Shape(checking: [channels] + rest) else {
      throw check.input("inputs with at most \(Limit.elements) elements together", inputs[0])
    }
    try check.anything(output)
    self.configuration = configuration
    inputShapes = inputs
    outputShape = output
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    (try infer(inputs, parameters), Cache(batch: inputs[0].shape[0]))
  }

  public func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: inputs[0], inputShapes[0])
    for (input, shape) in zip(inputs, inputShapes) where input.shape != shape.batched(batch) {
      throw check.input("\(shape.batched(batch))", input.shape)
    }
    let inputs = inputs.map { $0.withExamplesApart() }
    return try check.kernels { () throws(KernelError) in
      let key = Key(batch: batch, layouts: inputs.map(\.layout))
      let kernel = try kernels.kernel(key) { key throws(KernelError) in
        try .concatenation(zip(inputShapes, key.layouts).map { ($0.batched(key.batch), $1) }, axis: 1)
      }
      let output = Tensor(uninitialized: outputShape.batched(batch), layout: kernel.layout(.destination))
      try kernel.run(inputs.enumerated().map { (.source(at: $0), $1) } + [(.destination, output)])
      return output
    }
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    let width = outputShape.count
    var start = 0
    return outputGradient.withUnsafeFloats { source in
      inputShapes.map { shape in
        defer { start += shape.count }
        return Tensor(shape.batched(cache.batch)) { part in
          for example in 0..<cache.batch {
            for i in 0..<shape.count { part[example * shape.count + i] = source[example * width + start + i] }
          }
        }
      }
    }
  }
}
