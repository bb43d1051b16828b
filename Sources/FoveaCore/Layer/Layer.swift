/// A step of a network: an immutable value that maps tensors to a tensor.
///
/// A layer knows its configuration and the shapes that come in, and nothing else: its weights are the model's and are
/// handed to it, and what its forward pass must remember for the backward pass is a value that it returns. So one layer
/// serves many threads at once. All shapes here are without the batch; all tensors have it in front.
///
/// Most layers take one input: conform to ``UnaryLayer``. A layer that is content with plain floats conforms to
/// ``PlainLayer``, one that maps each element on its own to ``ElementwiseLayer``; both take a few lines.
public protocol Layer: Kind {
  /// The settings that a description may give, with their defaults.
  associatedtype Configuration: Settings
  /// What the forward pass remembers for the backward pass.
  associatedtype Cache: Sendable

  /// - Throws: ``LayerError`` where the configuration is invalid or does not go with the shapes.
  init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError)

  var configuration: Configuration { get }

  /// The shape of the output, without the batch.
  var outputShape: Shape { get }

  /// The weights that the layer needs; none unless it says otherwise.
  var parameters: [Parameter] { get }

  /// Connections in the sense of LeCun et al. 1998, section II-B: inputs and biases that reach the output's units,
  /// counted for each unit anew. For layers without weights, 0.
  var connections: Int { get }

  /// Whether an example's output depends on the others of its batch, so that the batch must not be split.
  var mixesExamples: Bool { get }

  /// The forward pass in training. `parameters` are in the order of ``parameters``.
  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache)

  /// The output alone, as when the trained network is used: nothing is dropped, nothing is remembered.
  func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor

  /// Turns the output's gradient into those of the inputs, and adds those of the parameters to `gradients`.
  ///
  /// - Returns: one gradient for each input; an empty array is allowed where ``BackwardContext/needsInputGradients``
  ///   is false.
  func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor]
}

extension Layer {
  public static var settingsType: any Settings.Type { Configuration.self }
  public var parameters: [Parameter] { [] }
  public var connections: Int { 0 }
  public var mixesExamples: Bool { false }

  public func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try forward(inputs, parameters, TrainingContext(seed: 0)).output
  }
}

/// What a forward pass in training may depend on besides inputs and weights.
public struct TrainingContext: Sendable {
  /// Differs from step to step, from layer to layer and from one part of a split batch to the next: a layer that needs
  /// chance makes a ``SeededRandom`` of it.
  public let seed: UInt64

  public init(seed: UInt64) {
    self.seed = seed
  }
}

/// What a backward pass need not compute.
public struct BackwardContext: Sendable {
  /// False in the first layers of a network, whose input is data.
  public let needsInputGradients: Bool

  public init(needsInputGradients: Bool = true) {
    self.needsInputGradients = needsInputGradients
  }
}

/// A layer with one input.
public protocol UnaryLayer: Layer {
  init(_ configuration: Configuration, input: Shape) throws(LayerError)

  func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache)

  func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor

  /// - Returns: the input's gradient; nil is allowed where ``BackwardContext/needsInputGradients`` is false.
  func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor?
}

extension UnaryLayer {
  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    guard inputs.count == 1 else {
      throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count)
    }
    try self.init(configuration, input: inputs[0])
  }

  public func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    try forward(inputs[0], parameters, context)
  }

  public func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try infer(inputs[0], parameters)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try forward(input, parameters, TrainingContext(seed: 0)).output
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    let gradient: Tensor? = try backward(outputGradient, cache, parameters, context, into: &gradients)
    return gradient.map { [$0] } ?? []
  }
}
