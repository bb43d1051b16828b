public import FoveaCore

/// The convolution that a convolution's gradient goes back through: each element of the input adds the kernel, times itself, to the
/// output, `stride` apart. It makes maps larger.
///
/// Input `[channels, height, width]`, output `[filters, height', width']` with
/// height' = (height − 1)·stride + dilation·(kernel − 1) + 1 + outputPadding − top − bottom.
///
/// Parameters: `kernel` `[channels, filters / groups, kernel height, kernel width]`, `bias` `[filters]`.
///
/// Source: Zeiler, Krishnan, Taylor, Fergus 2010, "Deconvolutional Networks"; Dumoulin, Visin 2016, "A guide to convolution
/// arithmetic for deep learning", section 4.
public struct TransposedConvolution: UnaryLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["filters", "kernel"]
    public static let explanations = [
      "filters": "how many maps come out",
      "kernel": "its size in pixels",
      "stride": "pixels in the output from one place of the kernel to the next",
      "dilation": "pixels from one tap of the kernel to the next",
      "groups": "each group of channels makes one group of maps",
      "padding": "what is taken away around the output, in pixels",
      "outputPadding": "rows and columns more at the bottom and at the right, fewer than the stride or the dilation",
      "bias": "whether each map adds a number of its own",
      "initialization": "how the first weights are drawn",
    ]

    public var filters: Int
    public var kernel: Extent
    public var stride: Extent
    public var dilation: Extent
    public var groups: Int
    public var padding: Sides
    public var outputPadding: Sides
    public var bias: Bool
    public var initialization: WeightInitialization

    public static var prototype: Self { Self(filters: 1, kernel: 1) }

    public init(
      filters: Int, kernel: Extent, stride: Extent = 1, dilation: Extent = 1, groups: Int = 1, padding: Sides = .none,
      outputPadding: Sides = .none, bias: Bool = true, initialization: WeightInitialization = .glorotUniform
    ) {
      self.filters = filters
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.groups = groups
      self.padding = padding
      self.outputPadding = outputPadding
      self.bias = bias
      self.initialization = initialization
    }
  }

  public struct Cache: Sendable {
    let input: Tensor
  }

  public static let kind = "transposedConvolution"
  public static let summary = "a convolution backward, which makes maps larger"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  private let inputShape: Shape
  /// From the output to the input.
  private let convolution: ConvolutionOperator

  /// - Throws: ``LayerError`` where a setting is out of range, groups do not divide channels and filters, or the padding takes all
  ///   of the output.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    var configuration = configuration
    // One number is for the two sides at which there may be any.
    if configuration.outputPadding == Sides(all: configuration.outputPadding.bottom) {
      (configuration.outputPadding.top, configuration.outputPadding.left) = (0, 0)
    }
    let (filters, kernel, groups) = (configuration.filters, configuration.kernel, configuration.groups)
    try check.image(input)
    try check.range(filters, "filters")
    try check.range(kernel, "kernel")
    try check.range(configuration.stride, "stride")
    try check.range(configuration.dilation, "dilation")
    try check.range(groups, "groups")
    try check.range(configuration.padding, "padding")
    try check.range(configuration.outputPadding, "outputPadding")
    try check.that(
      input[0].isMultiple(of: groups) && filters.isMultiple(of: groups), "groups",
      "a divisor of the \(input[0].counted("input channel")) and of the \(filters.counted("filter"))", groups)
    try check.size([input[0], filters / groups, kernel.height, kernel.width], "filters", "weights")
    let more = configuration.outputPadding
    let most = Extent(
      height: max(configuration.stride.height, configuration.dilation.height),
      width: max(configuration.stride.width, configuration.dilation.width))
    try check.that(
      more.top == 0 && more.left == 0 && more.bottom < most.height && more.right < most.width, "outputPadding",
      "at the bottom and at the right only, and smaller than the stride or the dilation", more.named.map(\.count))
    let height = try Self.extent(
      check, input[1], kernel.height, configuration.stride.height, configuration.dilation.height,
      configuration.padding.top, configuration.padding.bottom, more.bottom)
    let width = try Self.extent(
      check, input[2], kernel.width, configuration.stride.width, configuration.dilation.width,
      configuration.padding.left, configuration.padding.right, more.right)
    try check.size([filters, height, width], "filters", "outputs")
    outputShape = [filters, height, width]
    let geometry = try WindowGeometry(
      check, input: outputShape, key: "kernel", window: kernel, stride: configuration.stride,
      dilation: configuration.dilation,
      padding: .explicit(
        Sides(
          top: configuration.padding.top, left: configuration.padding.left, bottom: configuration.padding.bottom,
          right: configuration.padding.right)))
    guard geometry.outputHeight == input[1], geometry.outputWidth == input[2] else {
      throw check.invalid(
        "padding", "so small that each element of the input counts", "\(configuration.padding.named.map(\.count))")
    }
    let area = kernel.height * kernel.width
    let weights = configuration.initialization.initialization(
      fanIn: input[0] / groups * area, fanOut: filters / groups * area)
    let kernelShape: Shape = [input[0], filters / groups, kernel.height, kernel.width]
    self.configuration = configuration
    inputShape = input
    parameters =
      [Parameter("kernel", kernelShape, weights)] + (configuration.bias ? [Parameter("bias", [filters], .zeros)] : [])
    convolution = ConvolutionOperator(
      geometry.convolution(filters: input[0], groups: groups, hasBias: false, activation: nil))
  }

  private static func extent(
    _ check: Check, _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ before: Int, _ after: Int,
    _ more: Int
  ) throws(LayerError) -> Int {
    // All are at most 2²⁴.
    let extent = (input - 1) * stride + dilation * (kernel - 1) + 1 + more - before - after
    guard extent >= 1 else {
      throw check.invalid("padding", "so small that something is left of the output", "\(before + after)")
    }
    guard extent <= Limit.extent else {
      throw check.invalid("stride", "so small that outputs have extents of at most \(Limit.extent)", "\(stride)")
    }
    return extent
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: input, inputShape)
    let input = input.withExamplesApart()
    let sums = try check.kernels { () throws(KernelError) in
      try convolution.inputGradient(input, parameters[0], batch: batch)
    }
    guard configuration.bias else { return (sums, Cache(input: input)) }
    let blocks = ChannelBlocks(of: sums.inChannelBlocks())
    let source = sums.inChannelBlocks()
    let output = Tensor(uninitialized: source.shape, layout: source.layout)
    let ones = [Float](repeating: 1, count: outputShape[0])
    blocks.map(source, blocks.padded(ones, rows: 1), blocks.padded(parameters[1].elements, rows: 1), to: output) {
      x, _, bias in x + bias
    }
    return (output, Cache(input: input))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let batch = cache.input.shape[0]
    let gradient = outputGradient.withExamplesApart()
    return try Check(kind: Self.kind).kernels { () throws(KernelError) in
      if context.needsParameterGradients {
        let weights = try convolution.weightGradients(gradient, cache.input, batch: batch).weights
        gradients.add(weights.reshaped(parameters[0].shape), to: 0)
        if configuration.bias {
          let ordered = gradient.inChannelBlocks()
          gradients.add(ChannelBlocks(of: ordered).sums(ordered, ordered) { x, _ in x }.sumOfRows(), to: 1)
        }
      }
      guard context.needsInputGradients else { return nil }
      return try convolution.apply(gradient, parameters[0], nil, batch: batch, pass: .training).output
    }
  }
}
