/// An operator with one output that can be trained.
///
/// What its forward pass must remember for the backward pass is a value that it returns, so that one layer serves many
/// threads at once.
///
/// Most layers take one input: conform to ``UnaryLayer``. A layer that is content with plain floats conforms to
/// ``PlainLayer``, one that maps each element on its own to ``ElementwiseLayer``; both take a few lines. One with several
/// outputs is a ``MultiOutputLayer``.
public protocol Layer: Operator {
  /// What the forward pass remembers for the backward pass.
  associatedtype Cache: Sendable

  /// The shape of the output, without the batch.
  var outputShape: Shape { get }

  /// The forward pass in training. `parameters` are in the order of ``Operator/parameters``.
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
  public var outputShapes: [Shape] { [outputShape] }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    [try infer(inputs, parameters)]
  }

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
  /// False where nothing is learned, as when a decision is explained; a layer may add gradients of its parameters
  /// nevertheless.
  public let needsParameterGradients: Bool

  public init(needsInputGradients: Bool = true, needsParameterGradients: Bool = true) {
    self.needsInputGradients = needsInputGradients
    self.needsParameterGradients = needsParameterGradients
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
