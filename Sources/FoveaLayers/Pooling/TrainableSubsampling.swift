public import FoveaCore

/// The S layers of LeNet-5: y[c, i, j] = coefficient[c] · (sum of the window) + bias[c]. The squashing function is a layer
/// of its own behind it.
///
/// Input `[channels, height, width]`, output `[channels, height', width']`, with height' = (height − window) / stride + 1,
/// rounded down. Parameters: `coefficient` and `bias`, both `[channels]`.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B, layers S2 and S4.
public struct TrainableSubsampling: SecondDerivativeLayer, FusableLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["window"]
    public static let explanations = [
      "window": "its size in pixels",
      "stride": "pixels from one window to the next; as the window where left out",
      "initialization": "how the first weights are drawn",
    ]

    public var window: Extent
    /// As large as the window where nil, so that windows lie side by side.
    public var stride: Extent?
    public var initialization: WeightInitialization

    public static var prototype: Self { Self(window: 1) }

    public init(window: Extent, stride: Extent? = nil, initialization: WeightInitialization = .fanIn) {
      self.window = window
      self.stride = stride
      self.initialization = initialization
    }
  }

  public typealias Cache = AffineCache

  public static let kind = "trainableSubsampling"
  public static let summary = "the sum of each window, times a coefficient, plus a bias"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public let connections: Int
  let inputShape: Shape
  private let kernel: Subsampling
  private let activation: ActivationOperator?

  /// - Throws: ``LayerError`` where a setting is out of range, or the window is larger than the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    try self.init(configuration, input: input, activation: nil)
  }

  private init(_ configuration: Configuration, input: Shape, activation: ActivationFunction?) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let window = configuration.window
    let geometry = try WindowGeometry(
      check, input: input, key: "window", window: window, stride: configuration.stride ?? window, padding: .valid)
    let channels = geometry.channels
    try check.size([channels, window.height, window.width], "window", "weights")
    self.configuration = configuration
    inputShape = input
    outputShape = geometry.outputShape(channels: channels)
    let area = window.height * window.width
    let rule = configuration.initialization
    parameters = [
      Parameter("coefficient", [channels], rule.initialization(fanIn: area, fanOut: 1)),
      Parameter("bias", [channels], rule.biasInitialization(fanIn: area)),
    ]
    connections = outputShape.count * (area + 1)
    kernel = Subsampling(geometry.pooling(.average))
    self.activation = activation.map(ActivationOperator.init)
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AffineCache) {
    let input = arranged(input)
    let output = try apply(input, parameters, .training)
    return (output, AffineCache(input: input, activated: output))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try apply(arranged(input), parameters, .inference)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var gradient = outputGradient
    if let activation, let output = cache.activated {
      gradient = try check.kernels { () throws(KernelError) in
        try activation.inputGradient(outputGradient, output)
      }
    }
    return propagate(gradient, cache, parameters, context, squaring: false, to: &gradients)
  }

  /// The coefficient's input is the window's sum, so it is the sum that is squared, and not each element.
  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var curvature = outputCurvature
    if let activation, let output = cache.activated {
      curvature = try check.kernels { () throws(KernelError) in
        try activation.inputCurvature(outputCurvature, output)
      }
    }
    return propagate(curvature, cache, parameters, context, squaring: true, to: &curvatures)
  }

  public func fused(with next: any Layer) -> (any Layer)? {
    guard activation == nil, let next = next as? any ActivationLayer, !next.function.gradientNeedsInput else {
      return nil
    }
    return try? TrainableSubsampling(configuration, input: inputShape, activation: next.function)
  }

  private var check: Check { Check(kind: Self.kind) }

  /// In one of the orders that the kernel knows.
  private func arranged(_ input: Tensor) -> Tensor { input.layout == .interleaved ? input : input.plain() }

  private func apply(
    _ input: Tensor, _ parameters: [Tensor], _ pass: Kernel.Pass
  ) throws(LayerError) -> Tensor {
    _ = try check.batch(of: input, inputShape)
    let sums = kernel.forward(input, parameters[0].plain(), parameters[1].plain())
    guard let activation else { return sums }
    return try check.kernels { () throws(KernelError) in try activation.apply(inPlace: sums, pass: pass) }
  }

  private func propagate(
    _ outer: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext, squaring: Bool,
    to sums: inout Gradients
  ) -> Tensor? {
    let inner = kernel.backward(
      outer, cache.input, parameters[0].plain(), squaring: squaring, needsInputGradient: context.needsInputGradients)
    sums.add(inner.coefficients, to: 0)
    sums.add(inner.biases, to: 1)
    return inner.input
  }
}
