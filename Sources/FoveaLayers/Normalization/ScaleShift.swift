public import FoveaCore

/// Each channel multiplied by a number and shifted by another, which are learned unless `learned` is false: y = x·scale[c] + shift[c].
///
/// Input and output `[channels, …]`. Parameters: `scale` `[channels]`, and where there is one, `shift` `[channels]`.
public struct ScaleShift: UnaryLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "initial": "the factor of each channel at first",
      "shift": "whether something is added to each channel, too",
      "learned": "whether training changes the numbers",
    ]

    /// The factor at first; networks with many residual blocks begin with a small one.
    public var initial: Float
    public var shift: Bool
    /// False where the numbers are what a measurement or a convention says.
    public var learned: Bool

    public init() { self.init(initial: 1) }

    public init(initial: Float = 1, shift: Bool = true, learned: Bool = true) {
      self.initial = initial
      self.shift = shift
      self.learned = learned
    }
  }

  /// The input, in the order in which it was computed.
  public struct Cache: Sendable {
    let input: Tensor
  }

  public static let kind = "scaleShift"
  public static let summary = "each channel times a number and plus another, which are learned"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]

  /// - Throws: ``LayerError`` where the first factor is no number.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.that(configuration.initial.isFinite, "initial", "a finite number", configuration.initial)
    try check.anything(input)
    self.configuration = configuration
    outputShape = input
    let isLearned = configuration.learned
    let scale = Parameter("scale", [input[0]], .constant(configuration.initial), isTrainable: isLearned)
    parameters =
      configuration.shift ? [scale, Parameter("shift", [input[0]], .zeros, isTrainable: isLearned)] : [scale]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    _ = try Check(kind: Self.kind).batch(of: input, outputShape)
    let input = input.inChannelBlocks()
    return (scaled(input, parameters, shifts: true), Cache(input: input))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let gradient = outputGradient.converted(to: cache.input.layout)
    let blocks = ChannelBlocks(of: gradient)
    if configuration.learned && context.needsParameterGradients {
      gradients.add(blocks.sums(cache.input, gradient) { $0 * $1 }.sumOfRows(), to: 0)
      if configuration.shift { gradients.add(blocks.sums(cache.input, gradient) { $1 }.sumOfRows(), to: 1) }
    }
    return context.needsInputGradients ? scaled(gradient, parameters, shifts: false) : nil
  }

  private func scaled(_ input: Tensor, _ parameters: [Tensor], shifts: Bool) -> Tensor {
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    let blocks = ChannelBlocks(of: input)
    let shift = shifts && configuration.shift ? blocks.padded(parameters[1].elements, rows: 1) : nil
    blocks.map(input, blocks.padded(parameters[0].elements, rows: 1), shift, to: output) { $0 * $1 + $2 }
    return output
  }
}
