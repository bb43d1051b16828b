/// A layer that puts elements elsewhere and computes nothing: what comes back goes the same way back.
///
/// Two functions are all it takes. Gradients and second derivatives of elements are those of the places where they went, added up;
/// where nothing went, there are zeros or nothing at all.
public protocol RearrangingLayer: SecondDerivativeLayer where Cache == NothingRemembered {
  /// One example, without the batch.
  var inputShape: Shape { get }

  /// `[batch, …inputShape]` to `[batch, …outputShape]`.
  func rearrange(_ input: Tensor) -> Tensor

  /// `[batch, …outputShape]` to `[batch, …inputShape]`: each element to where it came from, and the sum of those that came from one.
  func restore(_ output: Tensor) -> Tensor
}

/// What a layer remembers that does not need to.
public struct NothingRemembered: Sendable {
  public init() {}
}

extension RearrangingLayer {
  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: NothingRemembered) {
    guard input.shape.isBatch(of: inputShape) else {
      throw .invalidInput(kind: Self.kind, expected: "a batch of \(inputShape)", got: input.shape)
    }
    return (rearrange(input), NothingRemembered())
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: NothingRemembered, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    restore(outputGradient)
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: NothingRemembered, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    restore(outputCurvature)
  }
}
