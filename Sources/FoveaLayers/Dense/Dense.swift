public import FoveaCore

/// Units that see all inputs: y[u] = bias[u] + Σ weight[u, k]·x[k].
///
/// Input `[features]`, output `[units]`; of tokens `[tokens, features]`, each by itself, `[tokens, units]`. Parameters: `weight`
/// `[units, features]`, `bias` `[units]`.
public struct Dense: SecondDerivativeLayer, FusableLayer, ReducedPrecisionLayer, WeightedLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["units"]
    public static let explanations = [
      "units": "how many outputs",
      "bias": "whether each unit adds a number of its own",
      "initialization": "how the first weights are drawn",
    ]

    public var units: Int
    public var bias: Bool
    public var initialization: WeightInitialization

    public static var prototype: Self { Self(units: 1) }

    public init(units: Int, bias: Bool = true, initialization: WeightInitialization = .glorotUniform) {
      self.units = units
      self.bias = bias
      self.initialization = initialization
    }
  }

  public typealias Cache = AffineCache

  public static let kind = "dense"
  public static let summary = "units that see all inputs"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public let connections: Int
  let inputShape: Shape
  private let passes: AffinePasses
  private let precision: Precision

  /// - Throws: ``LayerError`` where the number of units is out of range, or the input is no vector.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    try self.init(configuration, input: input, activation: nil, precision: .float32)
  }

  private init(
    _ configuration: Configuration, input: Shape, activation: ActivationFunction?, precision: Precision
  ) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let units = configuration.units
    try check.range(units, "units")
    let tokens = input.rank == 2 ? input[0] : 1
    let features = input.rank == 2 ? input.withoutBatch : input
    try check.vector(features)
    try check.anything(input)
    try check.size([units, features[0]], "units", "weights")
    try check.size([tokens, units], "units", "outputs")
    self.configuration = configuration
    inputShape = input
    outputShape = input.rank == 2 ? [tokens, units] : [units]
    let rule = configuration.initialization
    let weight = Parameter("weight", [units, features[0]], rule.initialization(fanIn: features[0], fanOut: units))
    let bias = Parameter("bias", [units], rule.biasInitialization(fanIn: features[0]))
    parameters = configuration.bias ? [weight, bias] : [weight]
    connections = tokens * parameters.reduce(0) { $0 + $1.shape.count }
    self.precision = precision
    passes = AffinePasses(check: check, inputShape: features, output: [units], activation: activation) { activation in
      KernelChoice.product(
        inputShape: features, outputShape: [units], hasBias: configuration.bias, activation: activation,
        precision: precision)
    }
  }
}

extension Dense {
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AffineCache) {
    guard inputShape.rank == 2 else { return try passes.forward(input, parameters[0], bias(parameters)) }
    let (output, cache) = try passes.forward(rows(input), parameters[0], bias(parameters))
    return (output.reshaped(outputShape.batched(input.shape[0])), cache)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    guard inputShape.rank == 2 else { return try passes.infer(input, parameters[0], bias(parameters)) }
    let output = try passes.infer(rows(input), parameters[0], bias(parameters))
    return output.reshaped(outputShape.batched(input.shape[0]))
  }

  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor {
    guard inputShape.rank == 2 else { return try passes.infer(input, weights, adding: &addend) }
    return try passes.infer(rows(input), weights, adding: &addend).reshaped(outputShape.batched(input.shape[0]))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard inputShape.rank == 2 else {
      return try passes.backward(
        outputGradient, cache, parameters[0], context, hasBias: configuration.bias, into: &gradients)
    }
    let gradient = outputGradient.reshaped([outputGradient.shape[0] * outputShape[0], outputShape[1]])
    return try passes.backward(
      gradient, cache, parameters[0], context, hasBias: configuration.bias, into: &gradients
    )?.reshaped(inputShape.batched(outputGradient.shape[0]))
  }

  /// All examples' tokens, one after the other.
  private func rows(_ input: Tensor) throws(LayerError) -> Tensor {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    return input.reshaped([batch * inputShape[0], inputShape[1]])
  }

  private func bias(_ parameters: [Tensor]) -> Tensor? { configuration.bias ? parameters[1] : nil }

  private func add(_ weight: Tensor, _ bias: Tensor?, to gradients: inout Gradients) {
    gradients.add(weight, to: 0)
    if let bias { gradients.add(bias, to: 1) }
  }
}

extension Dense {
  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let batch = outputCurvature.shape[0]
    let curvature =
      inputShape.rank == 2 ? outputCurvature.reshaped([batch * outputShape[0], outputShape[1]]) : outputCurvature
    let result = try passes.backwardSecond(curvature, cache, parameters[0], context) { add($0, $1, to: &curvatures) }
    return inputShape.rank == 2 ? result?.reshaped(inputShape.batched(batch)) : result
  }
}

extension Dense {
  public func fused(with next: any Layer) -> (any Layer)? {
    guard passes.activation == nil, let next = next as? any ActivationLayer else { return nil }
    return try? Dense(configuration, input: inputShape, activation: next.function, precision: precision)
  }
}

extension Dense {
  var isFollowed: Bool { passes.activation != nil }

  var keepsPlainWeights: Bool { true }

  var byteForm: ByteForm? {
    guard precision == .int8, inputShape.rank == 1 else { return nil }
    let operation = ConvolutionOperation(
      batch: 1, input: (inputShape[0], 1, 1), output: (configuration.units, 1, 1), kernel: (1, 1), hasBias: true)
    return ByteForm(operation: operation, activation: passes.activation?.function, adds: false)
  }

  func withBias() -> Dense? {
    // What normalizes channels behind it would take tokens for them.
    guard inputShape.rank == 1 else { return nil }
    var configuration = configuration
    configuration.bias = true
    return try? Dense(configuration, input: inputShape, activation: passes.activation?.function, precision: precision)
  }

  func adding() -> Dense? { nil }

  func plainWeights(_ parameters: [Tensor]) -> (weights: Tensor, bias: Tensor?) { (parameters[0], bias(parameters)) }
}

extension Dense {
  public func inPrecision(_ precision: Precision) throws(LayerError) -> any Layer {
    try Dense(configuration, input: inputShape, activation: passes.activation?.function, precision: precision)
  }
}
