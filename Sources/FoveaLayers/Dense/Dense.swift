public import FoveaCore

/// Units that see all inputs: y[u] = bias[u] + Σ weight[u, k]·x[k].
///
/// Input `[features]`, output `[units]`. Parameters: `weight` `[units, features]`, `bias` `[units]`.
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
  private let inputShape: Shape
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
    try check.vector(input)
    try check.size([units, input[0]], "units", "weights")
    self.configuration = configuration
    inputShape = input
    outputShape = [units]
    let rule = configuration.initialization
    let weight = Parameter("weight", [units, input[0]], rule.initialization(fanIn: input[0], fanOut: units))
    let bias = Parameter("bias", [units], rule.biasInitialization(fanIn: input[0]))
    parameters = configuration.bias ? [weight, bias] : [weight]
    connections = parameters.reduce(0) { $0 + $1.shape.count }
    self.precision = precision
    let output = outputShape
    passes = AffinePasses(check: check, inputShape: input, output: outputShape, activation: activation) { activation in
      KernelChoice.product(
        inputShape: input, outputShape: output, hasBias: configuration.bias, activation: activation,
        precision: precision)
    }
  }
}

extension Dense {
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AffineCache) {
    try passes.forward(input, parameters[0], bias(parameters))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try passes.infer(input, parameters[0], bias(parameters))
  }

  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor {
    try passes.infer(input, weights, adding: &addend)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    try passes.backward(
      outputGradient, cache, parameters[0], context, hasBias: configuration.bias, into: &gradients)
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
    try passes.backwardSecond(outputCurvature, cache, parameters[0], context) { add($0, $1, to: &curvatures) }
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

  func withBias() -> Dense? {
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
