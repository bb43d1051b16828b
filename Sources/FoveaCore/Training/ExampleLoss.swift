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

  /// How many classes a network with that many outputs can tell apart.
  func classes(outputs: Int) -> Int
}

extension ExampleLoss {
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
}
