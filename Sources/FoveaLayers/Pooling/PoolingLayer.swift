public import FoveaCore

/// A layer that reduces each window of each map to one number; it follows whatever layout its input has.
public protocol PoolingLayer: SecondDerivativeLayer, SpatialOperator where Cache == PoolingCache {
  var passes: PoolingPasses { get }
}

/// What pooling remembers: in which order the input lay, and which elements won.
public struct PoolingCache: Sendable {
  let batch: Int
  let layout: Layout
  let workspace: Tensor?
}

/// The settings of a pooling that has no others.
public struct PoolingConfiguration: Settings {
  public static let requiredKeys: Set<String> = ["window"]
  public static let explanations = [
    "window": "its size in pixels",
    "stride": "pixels from one window to the next; as the window where left out",
    "padding": "what is added around the image, in pixels",
  ]

  public var window: Extent
  /// As large as the window where nil, so that windows lie side by side.
  public var stride: Extent?
  public var padding: Padding

  public static var prototype: Self { Self(window: 1) }

  public init(window: Extent, stride: Extent? = nil, padding: Padding = .valid) {
    self.window = window
    self.stride = stride
    self.padding = padding
  }
}

/// The passes that all poolings share.
public struct PoolingPasses: Sendable {
  private struct Key: Hashable, Sendable {
    let pass: Kernel.Pass
    let batch: Int
    let layout: Layout
  }

  let outputShape: Shape
  /// The window, where windows lie side by side and see no padding.
  let separateWindow: Extent?
  let reach: MapReach
  private let check: Check
  private let inputShape: Shape
  private let operation: PoolingOperation
  /// By how much each window's sum is divided; nil where there is no sum.
  private let divisors: Divisors?
  private let kernels = KernelCache<Key>()
  /// Ours, for a maximum in use; nil where oneDNN's is as fast.
  private let maximum: WindowMaximum?

  init(
    _ check: Check, _ reduction: PoolingOperation.Reduction, input: Shape, window: Extent, stride: Extent?,
    padding: Padding
  ) throws(LayerError) {
    let geometry = try WindowGeometry(
      check, input: input, key: "window", window: window, stride: stride ?? window, padding: padding)
    let sides = geometry.padding
    try check.that(
      max(sides.top, sides.bottom) < window.height && max(sides.left, sides.right) < window.width, "padding",
      "smaller than the window, which else would see nothing but padding", "\(sides.named.map(\.count))")
    try check.size([geometry.channels, geometry.outputHeight, geometry.outputWidth], "padding", "outputs")
    self.init(check, reduction, geometry, input: input)
  }

  init(_ check: Check, _ reduction: PoolingOperation.Reduction, _ geometry: WindowGeometry, input: Shape) {
    self.check = check
    inputShape = input
    outputShape = geometry.outputShape(channels: geometry.channels)
    separateWindow = geometry.stride == geometry.window && geometry.padding == .none ? geometry.window : nil
    reach = geometry.reach
    operation = geometry.pooling(reduction)
    maximum = WindowMaximum(operation, output: outputShape)
    divisors =
      switch reduction {
      case .maximum, .minimum: nil
      case .average, .averageWithin: geometry.divisors(countsPadding: reduction == .average)
      }
  }

  /// The same of bytes, for a maximum.
  var bytes: BytePooling { BytePooling(operation, output: outputShape) }

  func forward(_ input: Tensor) throws(LayerError) -> (output: Tensor, cache: PoolingCache) {
    let input = try arranged(input, .training)
    let (output, workspace) = try apply(input, .training)
    return (output, PoolingCache(batch: input.shape[0], layout: input.layout, workspace: workspace))
  }

  func infer(_ input: Tensor) throws(LayerError) -> Tensor {
    let input = try arranged(input, .inference)
    if let output = maximum?.apply(input) { return output }
    return try apply(input, .inference).output
  }

  func inputGradient(_ outputGradient: Tensor, _ cache: PoolingCache) throws(LayerError) -> Tensor {
    try check.kernels { () throws(KernelError) in
      let kernel = try kernel(.backwardData, cache.batch, cache.layout)
      let result = Tensor(uninitialized: inputShape.batched(cache.batch), layout: cache.layout)
      try kernel.run([
        .destinationGradient: outputGradient.converted(to: kernel.layout(.destinationGradient)),
        .workspace: cache.workspace, .sourceGradient: result,
      ])
      return result
    }
  }

  /// An element's share of an average is 1/n, so that second derivatives are divided by n twice.
  func inputCurvature(_ outputCurvature: Tensor, _ cache: PoolingCache) throws(LayerError) -> Tensor {
    guard let divisors else { return try inputGradient(outputCurvature, cache) }
    let source = outputCurvature.plain()
    let shares = Tensor(source.shape) { shares in
      source.withUnsafeFloats { curvatures in
        for i in shares.indices { shares[i] = curvatures[i] / divisors[i] }
      }
    }
    return try inputGradient(shares, cache)
  }

  /// The input in an order that oneDNN has a fast kernel for. On processors without AVX-512 it has none for the plain one,
  /// and takes a hundred times as long as for others, so that a reorder costs next to nothing.
  private func arranged(_ input: Tensor, _ pass: Kernel.Pass) throws(LayerError) -> Tensor {
    let input = input.withExamplesApart()
    let batch = try check.batch(of: input, inputShape)
    guard input.layout == .plain, let channelsLast = Layout.channelsLast(input.shape) else { return input }
    return try check.kernels { () throws(KernelError) in
      guard try kernel(pass, batch, .plain).isSlow, try !kernel(pass, batch, channelsLast).isSlow else { return input }
      return input.converted(to: channelsLast)
    }
  }

  private func apply(
    _ input: Tensor, _ pass: Kernel.Pass
  ) throws(LayerError) -> (output: Tensor, workspace: Tensor?) {
    let batch = try check.batch(of: input, inputShape)
    return try check.kernels { () throws(KernelError) in
      let kernel = try kernel(pass, batch, input.layout)
      let output = Tensor(uninitialized: outputShape.batched(batch), layout: kernel.layout(.destination))
      let workspace = kernel.makeWorkspace()
      try kernel.run([.source: input, .destination: output, .workspace: workspace])
      return (output, workspace)
    }
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int, _ layout: Layout) throws(KernelError) -> Kernel {
    try kernels.kernel(Key(pass: pass, batch: batch, layout: layout)) { key throws(KernelError) in
      var operation = operation
      operation.batch = key.batch
      // In training, whole batches go through, and small parts of them on one thread already.
      let work = key.pass == .inference ? Double(inputShape.count) * Double(key.batch) * 4 : .infinity
      return try KernelThreads.making(work: work) { () throws(KernelError) in
        try .pooling(operation, pass: key.pass, source: key.layout)
      }
    }
  }
}

/// The number of elements that each window's average is taken over: the product of its rows and its columns, multiplied
/// when it is asked for, since a table of all positions would be as large as a map.
private struct Divisors: Sendable {
  let rows: [Float]
  let columns: [Float]

  /// For element `index` of any number of maps.
  subscript(index: Int) -> Float {
    rows[index / columns.count % rows.count] * columns[index % columns.count]
  }
}

extension WindowGeometry {
  /// The number of elements that each window's average is taken over, position by position.
  fileprivate func divisors(countsPadding: Bool) -> Divisors {
    let rows = counts(inputHeight, outputHeight, window.height, stride.height, padding.top, countsPadding)
    let columns = counts(inputWidth, outputWidth, window.width, stride.width, padding.left, countsPadding)
    return Divisors(rows: rows, columns: columns)
  }

  private func counts(
    _ input: Int, _ output: Int, _ window: Int, _ stride: Int, _ before: Int, _ countsPadding: Bool
  ) -> [Float] {
    (0..<output).map { position in
      let start = position * stride - before
      return Float(countsPadding ? window : min(start + window, input) - max(start, 0))
    }
  }
}

extension PoolingLayer {
  public var outputShape: Shape { passes.outputShape }
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { passes.reach }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: PoolingCache) {
    try passes.forward(input)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try passes.infer(input)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    context.needsInputGradients ? try passes.inputGradient(outputGradient, cache) : nil
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: PoolingCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    context.needsInputGradients ? try passes.inputCurvature(outputCurvature, cache) : nil
  }
}
