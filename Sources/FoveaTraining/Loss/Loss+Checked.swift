import FoveaCore

extension Loss {
  /// The loss and its gradient, after a look at whether they are numbers. The outputs are known to be.
  ///
  /// - Parameter weights: by what the losses of each class's examples are multiplied; nil for nothing.
  func checked(
    _ outputs: Tensor, targets: Targets, weights: [Float]?, scale: Float, step: Int
  ) throws(TrainingError) -> (loss: Float, gradient: Tensor) {
    let result: (loss: Float, gradient: Tensor)
    do throws(LossError) {
      result =
        if let weights, let classes = targets.classes {
          try weighted(outputs, targets, classes.map { scale * weights[$0] })
        } else {
          try evaluate(outputs, targets: targets, scale: scale)
        }
    } catch { throw .loss(error) }
    guard result.loss.isFinite else { throw .notFinite(step: step, .loss(kind: Self.kind)) }
    guard result.gradient.isFinite else { throw .notFinite(step: step, .lossGradient(kind: Self.kind)) }
    return result
  }

  /// Example by example, each with a scale of its own: a loss knows only one for all of them.
  private func weighted(
    _ outputs: Tensor, _ targets: Targets, _ scales: [Float]
  ) throws(LossError) -> (loss: Float, gradient: Tensor) {
    var sum: Float = 0
    var gradient = Tensor(zeros: outputs.shape)
    let width = outputs.shape.withoutBatch.count
    for (row, scale) in scales.enumerated() {
      let one = try evaluate(outputs.rows(row..<row + 1), targets: targets[row..<row + 1], scale: scale)
      sum += one.loss
      gradient.withUnsafeMutableFloats { all in
        one.gradient.withUnsafeFloats { own in
          for i in 0..<width { all[row * width + i] = own[i] }
        }
      }
    }
    return (sum, gradient)
  }
}
