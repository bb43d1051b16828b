/// What goes back through a layer instead of its gradient: how a method of explanation changes the backward pass.
public protocol BackwardRule: Sendable {
  /// - Parameters:
  ///   - arrived: what has come to the layer's output, of the output's shape.
  ///   - layer: the layer, as it was in the forward pass.
  /// - Returns: what goes on to each input; nil for what the layer's own gradient makes of it.
  /// - Throws: ``LayerError`` where the rule does not know what to do there.
  func backward(_ arrived: Tensor, through layer: PassedLayer) throws(LayerError) -> [Tensor]?
}

/// A layer that a forward pass in use has gone through.
public struct PassedLayer: Sendable {
  /// As it is in use: of a layer that is another one in training, its stand-in.
  public let layer: any Operator
  public let inputs: [Tensor]
  public let output: Tensor
  public let parameters: [Tensor]
  private let run: @Sendable ([Tensor], [Tensor]) throws(LayerError) -> Run
  private let own: @Sendable (Tensor) throws(LayerError) -> [Tensor]

  /// A pass of the layer with other inputs or parameters.
  public struct Run: Sendable {
    public let output: Tensor
    /// The inputs' gradients for one of the output.
    public let gradients: @Sendable (Tensor) throws(LayerError) -> [Tensor]

    package init(output: Tensor, gradients: @escaping @Sendable (Tensor) throws(LayerError) -> [Tensor]) {
      (self.output, self.gradients) = (output, gradients)
    }
  }

  package init(
    layer: any Operator, inputs: [Tensor], output: Tensor, parameters: [Tensor],
    run: @escaping @Sendable ([Tensor], [Tensor]) throws(LayerError) -> Run,
    own: @escaping @Sendable (Tensor) throws(LayerError) -> [Tensor]
  ) {
    (self.layer, self.inputs, self.output, self.parameters) = (layer, inputs, output, parameters)
    (self.run, self.own) = (run, own)
  }

  /// The inputs' gradients for one of the output.
  public func gradients(_ outputGradient: Tensor) throws(LayerError) -> [Tensor] { try own(outputGradient) }

  /// The same layer with other inputs and parameters.
  public func run(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Run {
    try run(inputs, parameters)
  }

  /// How the layer's outputs follow from its inputs.
  public var nature: OperatorNature {
    if let spatial = layer as? any SpatialOperator { return spatial.nature }
    return layer is any ElementwiseLayer ? .pointwise : .other
  }
}
