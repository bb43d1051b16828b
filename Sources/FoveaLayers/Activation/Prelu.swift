public import FoveaCore

/// y = x where x > 0, else slope[c]·x, of each element of channel c, with slopes that are learned.
///
/// Input `[channels, …]`, output the same. Parameters: `slope` `[channels]`, or with `shared` `[1]`.
///
/// Source: He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers", section 2.1.
public struct Prelu: UnaryLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "initial": "the slope of the negative side at first",
      "shared": "whether all channels have one slope",
    ]

    /// The slope at first.
    public var initial: Float
    public var shared: Bool

    public init() { self.init(initial: 0.25) }

    public init(initial: Float = 0.25, shared: Bool = false) {
      self.initial = initial
      self.shared = shared
    }
  }

  /// The input, in the order in which it was computed.
  public struct Cache: Sendable {
    let input: Tensor
  }

  public static let kind = "prelu"
  public static let summary = "x where positive, else slope·x, with slopes that are learned"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]

  /// - Throws: ``LayerError`` where the first slope is no number.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.that(configuration.initial.isFinite, "initial", "a finite number", configuration.initial)
    try check.anything(input)
    self.configuration = configuration
    outputShape = input
    parameters = [Parameter("slope", [configuration.shared ? 1 : input[0]], .constant(configuration.initial))]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    _ = try Check(kind: Self.kind).batch(of: input, outputShape)
    let input = input.inChannelBlocks()
    let blocks = ChannelBlocks(of: input)
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    blocks.map(input, slopes(parameters, blocks), to: output) { x, slope, _ in x > 0 ? x : slope * x }
    return (output, Cache(input: input))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let blocks = ChannelBlocks(of: cache.input)
    let gradient = outputGradient.converted(to: cache.input.layout)
    let sums = blocks.sums(cache.input, gradient) { x, dy in (x * dy).replacing(with: 0, where: x .> 0) }.sumOfRows()
    gradients.add(configuration.shared ? sums.reshaped([sums.shape[0], 1]).sumOfRows() : sums, to: 0)
    guard context.needsInputGradients else { return nil }
    let signs = Tensor(uninitialized: cache.input.shape, layout: cache.input.layout)
    blocks.map(cache.input, slopes(parameters, blocks), to: signs) { x, slope, _ in x > 0 ? 1 : slope }
    signs.combine(signs, gradient) { $0 * $1 }
    return signs
  }

  private func slopes(_ parameters: [Tensor], _ blocks: ChannelBlocks) -> [Float] {
    let slope = parameters[0].elements
    return blocks.padded(configuration.shared ? Array(repeating: slope[0], count: blocks.channels) : slope, rows: 1)
  }
}
