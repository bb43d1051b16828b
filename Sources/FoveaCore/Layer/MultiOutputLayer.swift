/// A layer with several outputs, such as one that splits its input in two.
///
/// Everything that ``Layer`` says holds here too.
public protocol MultiOutputLayer: Operator {
  /// What the forward pass remembers for the backward pass.
  associatedtype Cache: Sendable

  /// The forward pass in training: as many tensors as ``Operator/outputShapes``.
  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (outputs: [Tensor], cache: Cache)

  /// Turns the outputs' gradients into those of the inputs, and adds those of the parameters to `gradients`.
  ///
  /// - Parameter outputGradients: one for each output; nil for one that nothing is learned from.
  /// - Returns: one gradient for each input; an empty array is allowed where ``BackwardContext/needsInputGradients``
  ///   is false.
  func backward(
    _ outputGradients: [Tensor?], _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor]
}

extension MultiOutputLayer {
  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    try forward(inputs, parameters, TrainingContext(seed: 0)).outputs
  }
}
