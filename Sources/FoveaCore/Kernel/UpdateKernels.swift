internal import CKernels

/// The arithmetic of the toolkit's optimizers, with the best instructions that this processor has.
package enum UpdateKernels {
  private static let instructions = VectorInstructions.best.raw

  /// m ← keep1·m + take1·g, s ← keep2·s + take2·g², w ← w − rate·m / (√s·correction + epsilon), with g = gradient +
  /// weightDecay·w.
  package struct Adam {
    package var rate: Float
    package var correction: Float
    package var keep1: Float
    package var take1: Float
    package var keep2: Float
    package var take2: Float
    package var epsilon: Float
    package var weightDecay: Float

    package init(
      rate: Float, correction: Float, keep1: Float, take1: Float, keep2: Float, take2: Float, epsilon: Float,
      weightDecay: Float
    ) {
      self.rate = rate
      self.correction = correction
      self.keep1 = keep1
      self.take1 = take1
      self.keep2 = keep2
      self.take2 = take2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    package func update(
      _ weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, means: UnsafeMutablePointer<Float>,
      squares: UnsafeMutablePointer<Float>, count: Int
    ) {
      var rule = fovea_adam(
        rate: rate, correction: correction, keep1: keep1, take1: take1, keep2: keep2, take2: take2, epsilon: epsilon,
        weightDecay: weightDecay)
      fovea_adam_update(&rule, UpdateKernels.instructions, weights, gradients, means, squares, count)
    }
  }

  /// v ← momentum·v + gradient + weightDecay·w, w ← w − rate·v; without velocities, momentum is none.
  package static func descend(
    _ weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    velocities: UnsafeMutablePointer<Float>?, rate: Float, momentum: Float, weightDecay: Float, count: Int
  ) {
    var rule = fovea_momentum(rate: rate, momentum: momentum, weightDecay: weightDecay)
    fovea_momentum_update(&rule, instructions, weights, gradients, velocities, count)
  }

  /// w ← w − rate·scale·gradient
  package static func descend(
    _ weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, scales: UnsafePointer<Float>,
    rate: Float, count: Int
  ) {
    fovea_scaled_update(instructions, rate, weights, gradients, scales, count)
  }
}
