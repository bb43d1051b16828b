/// A loss that looks at one example and its class at a time: all that it takes is one function.
public protocol ExampleLoss: Loss {
  /// - Parameters:
  ///   - outputs: what the network puts out for one example.
  ///   - target: its right class; ``Loss/validate(outputs:classes:)`` has seen to it that it goes with the outputs.
  ///   - gradient: to be set to the loss's gradient by each output.
  /// - Returns: the example's loss.
  func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float

  /// The same where several classes are right, in shares: the mean of their losses, weighed by these, unless a loss knows a
  /// shorter way.
  ///
  /// - Parameter shares: of each class; they sum to 1.
  func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, shares: ArraySlice<Float>, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float

  /// How many classes a network with that many outputs can tell apart.
  func classes(outputs: Int) -> Int
}

extension ExampleLoss {
  public static var takesShares: Bool { true }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, shares: ArraySlice<Float>, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    gradient.update(repeating: 0)
    var loss: Float = 0
    withUnsafeTemporaryAllocation(of: Float.self, capacity: outputs.count) { part in
      for (target, share) in shares.enumerated() where share != 0 {
        part.update(repeating: 0)
        loss += share * evaluate(outputs, target: target, gradient: part)
        for i in 0..<outputs.count { gradient[i] += share * part[i] }
      }
    }
    return loss
  }

  public func classes(outputs: Int) -> Int { outputs }

  public func validate(outputs: Shape, classes: Int) throws(LossError) {
    guard outputs.rank == 1, self.classes(outputs: outputs[0]) == classes else {
      throw .outputs(
        kind: Self.kind, expected: "outputs that tell \(classes.counted("class", "classes")) apart", got: outputs)
    }
  }

  public func evaluate(
    _ outputs: Tensor, targets: Targets, scale: Float
  ) throws(LossError) -> (loss: Float, gradient: Tensor) {
    if case .shares(let shares) = targets { return try evaluate(outputs, shares: shares, scale: scale) }
    guard case .classes(let targets) = targets else {
      throw .targetKind(kind: Self.kind, expected: .oneClass, got: targets.kind)
    }
    let width = outputs.shape.withoutBatch.count
    guard outputs.shape.rank == 2, outputs.shape[0] == targets.count else {
      throw .outputs(kind: Self.kind, expected: "[\(targets.count), outputs]", got: outputs.shape)
    }
    let classes = classes(outputs: width)
    if let stranger = targets.first(where: { !(0..<classes).contains($0) }) {
      throw .target(kind: Self.kind, expected: "a class in 0 ..< \(classes)", got: stranger)
    }
    var gradient = Tensor(zeros: outputs.shape)
    // In double precision: the sum of a batch's losses is compared across batch sizes.
    var sum = 0.0
    outputs.withUnsafeFloats { outputs in
      gradient.withUnsafeMutableFloats { gradient in
        for (row, target) in targets.enumerated() {
          let range = row * width..<(row + 1) * width
          let slot = UnsafeMutableBufferPointer(rebasing: gradient[range])
          sum += Double(evaluate(UnsafeBufferPointer(rebasing: outputs[range]), target: target, gradient: slot))
          for i in 0..<width { slot[i] *= scale }
        }
      }
    }
    return (Float(sum) * scale, gradient)
  }

  private func evaluate(
    _ outputs: Tensor, shares: TargetRows<Float>, scale: Float
  ) throws(LossError) -> (loss: Float, gradient: Tensor) {
    let width = outputs.shape.withoutBatch.count
    guard outputs.shape.rank == 2, outputs.shape[0] == shares.count, classes(outputs: width) == shares.width else {
      throw .outputs(
        kind: Self.kind, expected: "[\(shares.count), outputs] for shares of \(shares.width) classes",
        got: outputs.shape)
    }
    var gradient = Tensor(zeros: outputs.shape)
    var sum = 0.0
    outputs.withUnsafeFloats { outputs in
      gradient.withUnsafeMutableFloats { gradient in
        for row in 0..<shares.count {
          let range = row * width..<(row + 1) * width
          let slot = UnsafeMutableBufferPointer(rebasing: gradient[range])
          sum += Double(evaluate(UnsafeBufferPointer(rebasing: outputs[range]), shares: shares[row], gradient: slot))
          for i in 0..<width { slot[i] *= scale }
        }
      }
    }
    return (Float(sum) * scale, gradient)
  }
}
