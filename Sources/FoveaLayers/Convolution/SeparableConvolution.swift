public import FoveaCore

/// Each channel filtered by itself, and the results mixed at each pixel: a depthwise convolution, and one of 1×1 behind it.
///
/// Input `[channels, height, width]`, output `[filters, height', width']` as of a ``Convolution``. Parameters: `depthwise`
/// `[channels · multiplier, 1, kernel height, kernel width]`, `pointwise` `[filters, channels · multiplier, 1, 1]`, `bias` `[filters]`.
///
/// Source: Chollet 2017, "Xception: Deep Learning with Depthwise Separable Convolutions".
public struct SeparableConvolution: UnaryLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["filters", "kernel"]
    public static let explanations = [
      "filters": "how many maps come out",
      "kernel": "the size of each channel's filters in pixels",
      "multiplier": "how many filters each channel has",
      "stride": "pixels from one window to the next",
      "dilation": "pixels from one tap of the kernel to the next",
      "padding": "what is added around the image, in pixels",
      "bias": "whether each map adds a number of its own",
      "initialization": "how the first weights are drawn",
    ]

    public var filters: Int
    public var kernel: Extent
    public var multiplier: Int
    public var stride: Extent
    public var dilation: Extent
    public var padding: Padding
    public var bias: Bool
    public var initialization: WeightInitialization

    public static var prototype: Self { Self(filters: 1, kernel: 1) }

    public init(
      filters: Int, kernel: Extent, multiplier: Int = 1, stride: Extent = 1, dilation: Extent = 1,
      padding: Padding = .valid, bias: Bool = true, initialization: WeightInitialization = .glorotUniform
    ) {
      self.filters = filters
      self.kernel = kernel
      self.multiplier = multiplier
      self.stride = stride
      self.dilation = dilation
      self.padding = padding
      self.bias = bias
      self.initialization = initialization
    }
  }

  public struct Cache: Sendable {
    let depthwise, pointwise: AffineCache
  }

  public static let kind = "separableConvolution"
  public static let summary = "filters that look at each channel by itself, mixed at each pixel"

  public let configuration: Configuration
  public var outputShape: Shape { pointwise.outputShape }
  public let parameters: [Parameter]
  public var connections: Int { depthwise.connections + pointwise.connections }
  let depthwise: Convolution
  private let pointwise: Convolution

  /// - Throws: ``LayerError`` where a setting is out of range, or the kernel is larger than the padded input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.image(input)
    try check.range(configuration.multiplier, "multiplier")
    try check.range(configuration.filters, "filters")
    // Both are at most 2²⁴.
    try check.range(input[0] * configuration.multiplier, "multiplier")
    do throws(LayerError) {
      depthwise = try Convolution(
        .init(
          filters: input[0] * configuration.multiplier, kernel: configuration.kernel, stride: configuration.stride,
          dilation: configuration.dilation, groups: input[0], padding: configuration.padding, bias: false,
          initialization: configuration.initialization), input: input)
      pointwise = try Convolution(
        .init(
          filters: configuration.filters, kernel: 1, bias: configuration.bias,
          initialization: configuration.initialization), input: depthwise.outputShape)
    } catch { throw Self.own(error) }
    self.configuration = configuration
    let (first, second) = (depthwise.parameters[0], pointwise.parameters)
    parameters =
      [
        Parameter("depthwise", first.shape, first.initialization),
        Parameter("pointwise", second[0].shape, second[0].initialization),
      ] + second.dropFirst()
  }

  /// The same error, with this kind's name.
  private static func own(_ error: LayerError) -> LayerError {
    switch error {
    case .invalidConfiguration(_, let key, let expected, let got):
      .invalidConfiguration(kind: kind, key: key, expected: expected, got: got)
    case .invalidInput(_, let expected, let got): .invalidInput(kind: kind, expected: expected, got: got)
    default: error
    }
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    _ = try Check(kind: Self.kind).batch(of: input, depthwise.inputShape)
    let first = try depthwise.forward(input, [parameters[0]], context)
    let second = try pointwise.forward(first.output, Array(parameters.dropFirst()), context)
    return (second.output, Cache(depthwise: first.cache, pointwise: second.cache))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    _ = try Check(kind: Self.kind).batch(of: input, depthwise.inputShape)
    return try pointwise.infer(depthwise.infer(input, [parameters[0]]), Array(parameters.dropFirst()))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var (first, second) = (Gradients(for: [parameters[0]]), Gradients(for: Array(parameters.dropFirst())))
    let middle: Tensor? = try pointwise.backward(
      outputGradient, cache.pointwise, Array(parameters.dropFirst()), BackwardContext(), into: &second)
    guard let middle else {
      throw .brokenContract(kind: Convolution.kind, expected: "the input's gradient", got: "none")
    }
    let result: Tensor? = try depthwise.backward(middle, cache.depthwise, [parameters[0]], context, into: &first)
    gradients.add(first[0], to: 0)
    for index in 0..<second.count { gradients.add(second[index], to: index + 1) }
    return result
  }
}
