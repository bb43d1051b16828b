public import FoveaCore

/// Filters that move over an image: y[f, i, j] = bias[f] + Σ kernel[f, c, u, v]·x[c, i·stride + u·dilation − top, …].
///
/// Input `[channels, height, width]`, output `[filters, height', width']` with
/// height' = (height + top + bottom − dilation·(kernel − 1) − 1) / stride + 1, rounded down.
///
/// Parameters: `kernel` `[filters, channels / groups, kernel height, kernel width]`, or with a connection table
/// `[connected pairs, kernel height, kernel width]`, filter by filter; `bias` `[filters]`.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-A; connection tables: section II-B, table I.
public struct Convolution: SecondDerivativeLayer, FusableLayer, ReducedPrecisionLayer, WeightedLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["filters", "kernel"]
    public static let explanations = [
      "filters": "how many; each makes one map",
      "kernel": "the filters' size in pixels",
      "stride": "pixels from one window to the next",
      "dilation": "pixels from one tap of the kernel to the next",
      "groups": "each group of filters sees one group of channels",
      "padding": "what is added around the image, in pixels",
      "bias": "whether each filter adds a number of its own",
      "initialization": "how the first weights are drawn",
      "connections": "for each filter the input maps that it sees; all where left out",
    ]

    public var filters: Int
    public var kernel: Extent
    public var stride: Extent
    /// The distance between two taps of the kernel; 1 is a kernel without holes.
    public var dilation: Extent
    /// Each group of filters sees a group of channels only; as many groups as channels is a depthwise convolution.
    public var groups: Int
    public var padding: Padding
    public var bias: Bool
    public var initialization: WeightInitialization
    /// For each filter the input maps that it sees; nil connects all with all.
    public var connections: [[Int]]?

    public static var prototype: Self { Self(filters: 1, kernel: 1) }

    public init(
      filters: Int, kernel: Extent, stride: Extent = 1, dilation: Extent = 1, groups: Int = 1,
      padding: Padding = .valid, bias: Bool = true, initialization: WeightInitialization = .glorotUniform,
      connections: [[Int]]? = nil
    ) {
      self.filters = filters
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.groups = groups
      self.padding = padding
      self.bias = bias
      self.initialization = initialization
      self.connections = connections
    }
  }

  public typealias Cache = AffineCache

  public static let kind = "convolution"
  public static let summary = "filters that move over an image"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public let connections: Int
  let inputShape: Shape
  private let fullKernelShape: Shape
  private let table: ConnectionTable?
  private let passes: any WeightedPasses
  private let fused: Fused
  private let precision: Precision
  private let geometry: WindowGeometry

  /// What was fused into the layer.
  private struct Fused {
    /// In use alone: the sum with another tensor, which comes first.
    var adds = false
    var activation: ActivationFunction?
    /// Of a pooling.
    var window: Extent?
  }

  /// - Throws: ``LayerError`` where a setting is out of range, groups do not divide filters and channels, or the kernel
  ///   is larger than the padded input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    try self.init(configuration, input: input, Fused(), precision: .float32)
  }

  private init(
    _ configuration: Configuration, input: Shape, _ fused: Fused, precision: Precision
  ) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let (filters, kernel, groups) = (configuration.filters, configuration.kernel, configuration.groups)
    try check.range(filters, "filters")
    let geometry = try WindowGeometry(
      check, input: input, key: "kernel", window: kernel, stride: configuration.stride,
      dilation: configuration.dilation, padding: configuration.padding)
    let channels = geometry.channels
    try check.range(groups, "groups")
    try check.that(
      channels.isMultiple(of: groups) && filters.isMultiple(of: groups), "groups",
      "a divisor of the \(channels.counted("input channel")) and of the \(filters.counted("filter"))", groups)
    try check.size([filters, geometry.outputHeight, geometry.outputWidth], "filters", "outputs")
    try check.size([filters, channels / groups, kernel.height, kernel.width], "filters", "weights")
    let area = kernel.height * kernel.width
    let fullKernelShape: Shape = [filters, channels / groups, kernel.height, kernel.width]

    var parameters: [Parameter]
    var table: ConnectionTable?
    if let rows = configuration.connections {
      try check.that(groups == 1, "groups", "1 where there are 'connections'", groups)
      let connected = try ConnectionTable(rows, filters: filters, channels: channels, area: area, check)
      parameters = Self.parameters(configuration, connected, area: area)
      table = connected
    } else {
      let fanIn = channels / groups * area
      let weights = configuration.initialization.initialization(fanIn: fanIn, fanOut: filters / groups * area)
      let biases = configuration.initialization.biasInitialization(fanIn: fanIn)
      parameters = [Parameter("kernel", fullKernelShape, weights), Parameter("bias", [filters], biases)]
    }
    if !configuration.bias { parameters.removeLast() }

    self.configuration = configuration
    self.parameters = parameters
    self.table = table
    self.fullKernelShape = fullKernelShape
    inputShape = input
    connections =
      geometry.outputHeight * geometry.outputWidth * parameters.reduce(0) { $0 + $1.shape.count }
    self.fused = fused
    self.precision = precision
    self.geometry = geometry
    (outputShape, passes) = try Self.passes(check, geometry, configuration, input: input, fused, precision: precision)
  }

  private static func passes(
    _ check: Check, _ geometry: WindowGeometry, _ configuration: Configuration, input: Shape, _ fused: Fused,
    precision: Precision
  ) throws(LayerError) -> (outputShape: Shape, passes: any WeightedPasses) {
    let outputShape = geometry.outputShape(channels: configuration.filters)
    func operation(_ activation: ActivationFunction?) -> ConvolutionOperation {
      var operation = geometry.convolution(
        filters: configuration.filters, groups: configuration.groups, hasBias: configuration.bias,
        activation: activation)
      operation.precision = precision
      operation.accumulates = fused.adds
      return operation
    }
    let activation = fused.activation
    if let window = fused.window {
      let passes = PooledConvolutionPasses(
        check, operation(nil), inputShape: input, window: window, activation: activation)
      guard let passes else { throw check.invalid("window", "one that can be fused", "\(window)") }
      return ([outputShape[0], outputShape[1] / window.height, outputShape[2] / window.width], passes)
    }
    func affine(_ activation: ActivationFunction?) -> KernelChoice {
      // A kernel that covers the input is that of a dense layer.
      geometry.coversInput && configuration.groups == 1
        ? KernelChoice.product(
          inputShape: input, outputShape: outputShape, hasBias: configuration.bias, activation: activation,
          precision: precision)
        : KernelChoice.convolution(operation(activation), connections: configuration.connections)
    }
    return (
      outputShape,
      AffinePasses(check: check, inputShape: input, output: outputShape, activation: activation, making: affine)
    )
  }

  /// Each filter's weights are scaled to the maps that it sees.
  private static func parameters(
    _ configuration: Configuration, _ table: ConnectionTable, area: Int
  ) -> [Parameter] {
    let rule = configuration.initialization
    let readers = table.readers
    let weights = table.rows.flatMap { maps in
      maps.map { rule.initialization(fanIn: maps.count * area, fanOut: readers[$0] * area) }
    }
    let biases = table.rows.map { rule.biasInitialization(fanIn: $0.count * area) }
    return [
      Parameter("kernel", [table.pairs, configuration.kernel.height, configuration.kernel.width], .rows(weights)),
      Parameter("bias", [configuration.filters], .rows(biases)),
    ]
  }
}

extension Convolution {
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AffineCache) {
    try passes.forward(input, fullKernel(parameters), bias(parameters))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try passes.infer(input, fullKernel(parameters), bias(parameters))
  }

  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor {
    try passes.infer(input, weights, adding: &addend)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    if table == nil, let affine = passes as? AffinePasses {
      return try affine.backward(
        outputGradient, cache, parameters[0], context, hasBias: configuration.bias, into: &gradients)
    }
    return try passes.backward(outputGradient, cache, fullKernel(parameters), context) {
      add($0, $1, to: &gradients)
    }
  }

  private func bias(_ parameters: [Tensor]) -> Tensor? { configuration.bias ? parameters[1] : nil }

  private func fullKernel(_ parameters: [Tensor]) -> Tensor {
    table?.expand(parameters[0], to: fullKernelShape) ?? parameters[0]
  }

  private func add(_ kernel: Tensor, _ bias: Tensor?, to gradients: inout Gradients) {
    let shape = parameters[0].shape
    gradients.add(table?.gather(kernel, to: shape) ?? kernel.reshaped(shape), to: 0)
    if let bias { gradients.add(bias, to: 1) }
  }
}

extension Convolution {
  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: AffineCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    try passes.backwardSecond(outputCurvature, cache, fullKernel(parameters), context) {
      add($0, $1, to: &curvatures)
    }
  }
}

extension Convolution {
  /// Takes in an activation, and a maximum pooling whose windows lie side by side, in either order.
  public func fused(with next: any Layer) -> (any Layer)? {
    if let next = next as? any ActivationLayer, fused.activation == nil {
      return with { $0.activation = next.function }
    }
    // Bytes have no kernel for what comes then.
    if fused.adds || precision == .int8 { return nil }
    if let next = next as? MaximumPooling, fused.window == nil, fused.activation?.neverFalls ?? true,
      let window = next.separateWindow
    {
      return with { $0.window = window }
    }
    if let next = next as? any ElementwiseLayer, next.neverFalls, next.parameters.isEmpty, !isFollowed {
      return mapped(by: next)
    }
    return nil
  }

  private func with(_ configuration: Configuration? = nil, _ change: (inout Fused) -> Void) -> Convolution? {
    var fused = fused
    change(&fused)
    return try? Convolution(configuration ?? self.configuration, input: inputShape, fused, precision: precision)
  }

  private func mapped<Function: ElementwiseLayer>(by function: Function) -> any Layer {
    MappedConvolution(self, function)
  }
}

extension Convolution {
  public func inPrecision(_ precision: Precision) throws(LayerError) -> any Layer {
    try Convolution(configuration, input: inputShape, fused, precision: precision)
  }
}

extension Convolution {
  var isFollowed: Bool { fused.activation != nil || fused.window != nil }

  var keepsPlainWeights: Bool { table == nil }

  var byteForm: ByteForm? {
    guard precision == .int8, table == nil, fused.window == nil else { return nil }
    let operation = geometry.convolution(
      filters: configuration.filters, groups: configuration.groups, hasBias: true, activation: nil)
    return ByteForm(operation: operation, activation: fused.activation, adds: fused.adds)
  }

  func withBias() -> Convolution? {
    var configuration = configuration
    configuration.bias = true
    return with(configuration) { _ in }
  }

  func adding() -> Convolution? { passes.canAdd ? with { $0.adds = true } : nil }

  func plainWeights(_ parameters: [Tensor]) -> (weights: Tensor, bias: Tensor?) {
    (fullKernel(parameters), bias(parameters))
  }
}
