public import FoveaCore

/// The S layers of LeNet-5: y[c, i, j] = coefficient[c] · (sum of the window) + bias[c]. The squashing function is a layer
/// of its own behind it.
///
/// Input `[channels, height, width]`, output `[channels, height', width']`, with height' = (height − window) / stride + 1,
/// rounded down. Parameters: `coefficient` and `bias`, both `[channels]`.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B, layers S2 and S4.
public struct TrainableSubsampling: SecondDerivativeLayer, FusableLayer {
  public struct Configuration: Configurable {
    public static let requiredKeys: Set<String> = ["window"]

    public var window: Extent
    /// As large as the window where nil, so that windows lie side by side.
    public var stride: Extent?
    public var initialization: WeightInitialization

    public init() { self.init(window: 1) }

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
  private let geometry: WindowGeometry
  private let inputShape: Shape
  private let passes: AffinePasses

  /// - Throws: ``LayerError`` where a setting is out of range, or the window is larger than the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    try self.init(configuration, input: input, activation: nil)
  }

  private init(_ configuration: Configuration, input: Shape, activation: ActivationFunction?) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let window = configuration.window
    geometry = try WindowGeometry(
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
    // A convolution of each map with a kernel whose weights are all the coefficient.
    passes = AffinePasses(
      check: check, inputShape: input,
      affine: ConvolutionOperator(
        geometry.convolution(filters: channels, groups: channels, hasBias: true, activation: activation)),
      activation: activation.map(ActivationOperator.init))
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AffineCache) {
    try passes.forward(input, kernel(parameters), parameters[1])
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try passes.infer(input, kernel(parameters), parameters[1])
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    try passes.backward(outputGradient, cache, kernel(parameters), context) { kernel, bias in
      gradients.add(to: 0) { coefficients in
        kernel.withUnsafeFloats { weights in
          for i in weights.indices { coefficients[i / area] += weights[i] }
        }
      }
      if let bias { gradients.add(bias, to: 1) }
    }
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let (weights, check) = (kernel(parameters), Check(kind: Self.kind))
    let sumCurvature = try check.kernels { () throws(KernelError) in
      try passes.curvatureBeforeActivation(outputCurvature, cache)
    }
    addCoefficientCurvature(sumCurvature, cache.input, to: &curvatures)
    return try passes.backwardSecond(outputCurvature, cache, weights, context) { _, bias in
      if let bias { curvatures.add(bias, to: 1) }
    }
  }

  public func fused(with next: any Layer) -> (any Layer)? {
    guard passes.activation == nil, let next = next as? any ActivationLayer else { return nil }
    return try? TrainableSubsampling(configuration, input: inputShape, activation: next.function)
  }

  private var area: Int { configuration.window.height * configuration.window.width }

  private func kernel(_ parameters: [Tensor]) -> Tensor {
    let shape: Shape = [geometry.channels, 1, configuration.window.height, configuration.window.width]
    return Tensor(shape) { kernel in
      parameters[0].withUnsafeFloats { coefficients in
        for i in kernel.indices { kernel[i] = coefficients[i / area] }
      }
    }
  }

  /// The coefficient's input is the window's sum, so it is the sum that is squared, and not each element.
  private func addCoefficientCurvature(_ curvature: Tensor, _ input: Tensor, to curvatures: inout Gradients) {
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    curvatures.add(to: 0) { sums in
      curvature.withUnsafeFloats { curvature in
        input.withUnsafeFloats { input in
          for map in 0..<curvature.count / (height * width) {
            for row in 0..<height {
              for column in 0..<width {
                let sum = windowSum(input, map: map, row: row, column: column)
                sums[map % geometry.channels] += curvature[(map * height + row) * width + column] * sum * sum
              }
            }
          }
        }
      }
    }
  }

  private func windowSum(_ input: UnsafeBufferPointer<Float>, map: Int, row: Int, column: Int) -> Float {
    var sum: Float = 0
    for y in 0..<geometry.window.height {
      let start =
        (map * geometry.inputHeight + row * geometry.stride.height + y) * geometry.inputWidth
        + column * geometry.stride.width
      for x in 0..<geometry.window.width { sum += input[start + x] }
    }
    return sum
  }
}
