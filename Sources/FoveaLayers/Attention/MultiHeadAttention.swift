public import FoveaCore

/// Each token becomes a mean of what all tokens have to say, weighed by how well they go with it, in several heads:
/// softmax(q·kᵀ / √d)·v for each head, with queries q, keys k and values v that are products of the tokens, and a product of the
/// heads' results.
///
/// Input and output `[tokens, features]`. Parameters: `inputWeight` `[3 · width, features]` for queries, keys and values, one
/// after the other, `inputBias` `[3 · width]`, `outputWeight` `[features, width]`, `outputBias` `[features]`; the width is that of all
/// heads together.
///
/// Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
public struct MultiHeadAttention: UnaryLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["heads"]
    public static let explanations = [
      "heads": "how many",
      "size": "numbers in each head's queries, keys and values; its share of the features where this is left out",
      "bias": "whether the products add numbers of their own",
      "initialization": "how the first weights are drawn",
    ]

    public var heads: Int
    public var size: Int?
    public var bias: Bool
    public var initialization: WeightInitialization

    public static var prototype: Self { Self(heads: 1) }

    public init(
      heads: Int, size: Int? = nil, bias: Bool = true, initialization: WeightInitialization = .glorotUniform
    ) {
      self.heads = heads
      self.size = size
      self.bias = bias
      self.initialization = initialization
    }
  }

  public struct Cache: Sendable {
    /// `[batch · tokens, features]`, and `[batch · tokens, 3 · width]`.
    let input, projected: Tensor
    /// How much of each token goes into each: `[batch, heads, tokens, tokens]`.
    let weights: Tensor
    /// The heads' results, side by side.
    let joined: Tensor
  }

  public static let kind = "multiHeadAttention"
  public static let summary = "each token a mean of all, weighed by how well they go with it"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public let connections: Int
  /// Of all heads together.
  let width: Int
  private let heads: AttentionHeads
  private let projection, joining: KernelChoice

  /// - Throws: ``LayerError`` where the heads do not divide the features and have no size, or the input is not `[tokens, features]`.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    guard input.rank == 2 else { throw check.input("tokens [tokens, features]; put 'tokens' before it", input) }
    try check.anything(input)
    let (tokens, features) = (input[0], input[1])
    try check.range(configuration.heads, "heads")
    if let size = configuration.size {
      try check.range(size, "size")
      try check.size([3, configuration.heads, size, features], "size", "weights")
      width = configuration.heads * size
    } else {
      try check.that(
        features.isMultiple(of: configuration.heads), "heads",
        "a divisor of the \(features.counted("feature")), or 'size' be given", configuration.heads)
      try check.size([3 * features, features], "heads", "weights")
      width = features
    }
    try check.size([configuration.heads, tokens, tokens], "heads", "weights of tokens")
    self.configuration = configuration
    outputShape = input
    let rule = configuration.initialization
    let weights = [
      Parameter("inputWeight", [3 * width, features], rule.initialization(fanIn: features, fanOut: width)),
      Parameter("inputBias", [3 * width], .zeros),
      Parameter("outputWeight", [features, width], rule.initialization(fanIn: width, fanOut: features)),
      Parameter("outputBias", [features], .zeros),
    ]
    parameters = configuration.bias ? weights : [weights[0], weights[2]]
    connections = tokens * parameters.reduce(0) { $0 + $1.shape.count }
    heads = AttentionHeads(count: configuration.heads, tokens: tokens, features: width)
    projection = .product(
      inputShape: [features], outputShape: [3 * width], hasBias: configuration.bias, activation: nil,
      precision: .float32)
    joining = .product(
      inputShape: [width], outputShape: [features], hasBias: configuration.bias, activation: nil,
      precision: .float32)
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: input, outputShape)
    let rows = batch * outputShape[0]
    let (first, second) = split(parameters)
    return try check.kernels { () throws(KernelError) in
      let (projected, source) = try projection.apply(
        input.reshaped([rows, outputShape[1]]), first.weight, first.bias, batch: rows, pass: .training)
      let (joined, weights) = heads.forward(projected.plain(), batch: batch)
      let output = try joining.apply(joined, second.weight, second.bias, batch: rows, pass: .training).output
      return (
        output.reshaped(outputShape.batched(batch)),
        Cache(input: source, projected: projected.plain(), weights: weights, joined: joined)
      )
    }
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let batch = outputGradient.shape[0]
    let rows = batch * outputShape[0]
    let (first, second) = split(parameters)
    let gradient = outputGradient.reshaped([rows, outputShape[1]])
    return try Check(kind: Self.kind).kernels { () throws(KernelError) in
      let byJoining = try joining.weightGradients(cache.joined, gradient, batch: rows)
      gradients.add(byJoining.weights.reshaped(second.weight.shape), to: configuration.bias ? 2 : 1)
      if let bias = byJoining.bias { gradients.add(bias, to: 3) }
      let joined = try joining.inputGradient(gradient, second.weight, batch: rows).plain()
      let projected = heads.backward(joined, cache.projected, cache.weights, batch: batch)
      let byProjection = try projection.weightGradients(cache.input, projected, batch: rows)
      gradients.add(byProjection.weights.reshaped(first.weight.shape), to: 0)
      if let bias = byProjection.bias { gradients.add(bias, to: 1) }
      guard context.needsInputGradients else { return nil }
      return try projection.inputGradient(projected, first.weight, batch: rows)
        .reshaped(outputShape.batched(batch))
    }
  }

  private struct Product {
    let weight: Tensor
    let bias: Tensor?
  }

  /// What queries, keys and values are made by, and what joins the heads' results.
  private func split(_ parameters: [Tensor]) -> (Product, Product) {
    if configuration.bias {
      return (
        Product(weight: parameters[0], bias: parameters[1]), Product(weight: parameters[2], bias: parameters[3])
      )
    }
    return (Product(weight: parameters[0], bias: nil), Product(weight: parameters[1], bias: nil))
  }
}
