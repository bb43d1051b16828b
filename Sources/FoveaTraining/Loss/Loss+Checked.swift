import FoveaCore

extension Loss {
  /// The loss and its gradient, after a look at whether they are numbers. The outputs are known to be.
  func checked(
    _ outputs: Tensor, targets: Targets, scale: Float, step: Int
  ) throws(TrainingError) -> (loss: Float, gradient: Tensor) {
    let result: (loss: Float, gradient: Tensor)
    do { result = try evaluate(outputs, targets: targets, scale: scale) } catch { throw .loss(error) }
    guard result.loss.isFinite else { throw .notFinite(step: step, .loss(kind: Self.kind)) }
    guard result.gradient.isFinite else { throw .notFinite(step: step, .lossGradient(kind: Self.kind)) }
    return result
  }
}
