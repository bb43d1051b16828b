internal import CKernels

/// The arithmetic of the toolkit's optimizers, with the best instructions that this processor has.
package enum UpdateKernels {
  private static let instructions = VectorInstructions.inUse.raw

  /// The largest magnitudes of a block, looked at while it is changed: of the weights as they are then, and of the gradients;
  /// 0 of these where no memory holds them and all weights are finite. Infinity where one is infinite or not a number.
  package struct Magnitudes {
    package let weights: Float
    package let gradients: Float

    init(_ bits: fovea_magnitudes) {
      (weights, gradients) = (Tensor.magnitude(bits: bits.weights), Tensor.magnitude(bits: bits.gradients))
    }
  }

  /// m ← keep1·m + take1·g, s ← keep2·s + take2·g², w ← keepWeight·w − rate·m / (√s·correction + epsilon), with
  /// g = gradient + weightDecay·w.
  package struct Adam {
    package var rate: Float
    package var correction: Float
    package var keep1: Float
    package var take1: Float
    package var keep2: Float
    package var take2: Float
    package var epsilon: Float
    package var weightDecay: Float
    package var keepWeight: Float

    package init(
      rate: Float, correction: Float, keep1: Float, take1: Float, keep2: Float, take2: Float, epsilon: Float,
      weightDecay: Float, keepWeight: Float = 1
    ) {
      self.rate = rate
      self.correction = correction
      self.keep1 = keep1
      self.take1 = take1
      self.keep2 = keep2
      self.take2 = take2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.keepWeight = keepWeight
    }

    /// - Parameter block: its memories are m and s.
    package func update(_ block: WeightBlock) -> Magnitudes {
      var rule = fovea_adam(
        rate: rate, correction: correction, keep1: keep1, take1: take1, keep2: keep2, take2: take2, epsilon: epsilon,
        weightDecay: weightDecay, keepWeight: keepWeight)
      var raw = block.raw
      return Magnitudes(fovea_adam_update(&rule, UpdateKernels.instructions, &raw))
    }
  }

  /// v ← momentum·v + g, with g = gradient + weightDecay·w, then w ← w − rate·v, or with Nesterov's w ← w − rate·(g + momentum·v).
  ///
  /// - Parameter block: its memory is v; without one, momentum is none.
  package static func descend(
    _ block: WeightBlock, rate: Float, momentum: Float, weightDecay: Float, isNesterov: Bool
  ) -> Magnitudes {
    var rule = fovea_momentum(rate: rate, momentum: momentum, weightDecay: weightDecay, isNesterov: isNesterov)
    var raw = block.raw
    return Magnitudes(fovea_momentum_update(&rule, instructions, &raw))
  }

  /// w ← w − rate·scale·gradient
  ///
  /// - Parameter block: its memory is the scale.
  package static func descendScaled(_ block: WeightBlock, rate: Float) -> Magnitudes {
    var raw = block.raw
    return Magnitudes(fovea_scaled_update(rate, instructions, &raw))
  }
}
