// What a layer may offer beyond the passes. The model asks for each by a cast and does without where it is not there.

/// A layer that can take the next one into its own kernel, such as a convolution followed by an activation.
public protocol FusableLayer: Layer {
  /// One layer that computes what this one and then `next` compute, equal within rounding; nil where it cannot.
  ///
  /// Its parameters are this layer's, followed by those of `next`.
  func fused(with next: any Layer) -> (any Layer)?
}

/// A layer with another form for networks that are only used: one that prepares its weights once, and that may take in neighbors
/// which training must see on their own.
package protocol InferenceLayer: Layer {
  /// An operator that computes the same within rounding, of the same parameters.
  func forInference() -> any InferenceOperator
}

/// What computes a node, or several, of a network that is only used.
package protocol InferenceOperator: Operator {
  /// One operator that computes what this one and then `next` compute, equal within rounding; nil where it cannot.
  ///
  /// Its inputs are this one's, followed by those of `next` but the one that comes from this one. Its parameters are this one's,
  /// followed by those of `next`.
  func fused(with next: any Operator) -> (any Operator)?

  /// The input in whose memory the output may lie; nil where it is always elsewhere.
  var reusedInput: Int? { get }

  /// The output. An input that nobody else holds may be taken out of `inputs`, and the output lie in its memory.
  func infer(_ inputs: inout [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor
}

/// What an operator does in a network whose numbers are bytes.
package enum ByteRole: Sendable {
  /// Multiplies bytes: this is what a network is quantized for.
  case multiplies
  /// Puts out bytes of the scale in which they come.
  case passes
  /// Takes bytes and puts out floats.
  case reads
}

/// An operator that has another form for networks whose numbers are bytes.
package protocol QuantizableOperator: Operator {
  /// nil where it has none for its shapes.
  var byteRole: ByteRole? { get }

  /// - Parameters:
  ///   - inputs: what the bytes of each input stand for, where it comes in floats.
  ///   - output: the same of the output; nil for floats.
  ///   - largestWeight: of the whole numbers that stand for weights.
  func inBytes(inputs: [ByteScale], output: ByteScale?, largestWeight: Int) -> (any ByteOperator)?
}

/// What takes tensors of bytes as they are; all others get floats.
package protocol ByteOperator: InferenceOperator {}

/// A layer whose products may be of less precise factors than float32. Others compute as they always do.
public protocol ReducedPrecisionLayer: Layer {
  /// The same layer, with what was fused into it, whose factors have that precision.
  ///
  /// - Precondition: ``Precision/isAvailable``, which the model has checked.
  func inPrecision(_ precision: Precision) throws(LayerError) -> any Layer
}

/// A layer with parameters that follow from the data and not from gradients, such as running statistics.
public protocol StatefulLayer: Layer {
  /// Brings `parameters` up to date after a training step that left `cache`.
  func updateState(_ parameters: inout [Tensor], from cache: Cache)
}

/// A layer that computes something else in training than in use, such as a normalization by the batch's own statistics. Where
/// gradients are to flow through a network in use, its stand-in is asked.
public protocol TwofoldLayer: Layer {
  /// A layer whose forward pass computes what this one's ``Layer/infer(_:_:)`` does, of the same parameters. Their gradients
  /// are nobody's concern.
  func inUse() throws(LayerError) -> any Layer
}

/// A layer that can propagate the diagonal Gauss-Newton estimate of the loss's second derivatives.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, appendix C.
public protocol SecondDerivativeLayer: UnaryLayer {
  /// As ``UnaryLayer/backward(_:_:_:_:into:)``, for second derivatives: ∂²E/∂x_i² ≈ Σ_k (∂y_k/∂x_i)² ∂²E/∂y_k². Those
  /// of the parameters, summed over the batch, are added to `curvatures`.
  ///
  /// - Parameters:
  ///   - outputCurvature: ∂²E/∂y², never negative.
  ///   - outputGradient: ∂E/∂y, for a layer that is part of the criterion, such as a Euclidean distance, and whose own
  ///     second derivative counts; the terms with f″ of other layers are dropped, so that no estimate is negative.
  func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor?
}
