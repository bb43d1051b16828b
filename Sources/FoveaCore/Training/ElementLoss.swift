/// A loss that looks at one output and what is right for it at a time, for labels (0 or 1) and numbers: all that it takes is
/// one function. An example's loss is the mean over its outputs.
public protocol ElementLoss: SecondDerivativeLoss {
  /// - Returns: the loss, its derivative by the output, and its second derivative or an estimate of it, never negative.
  func evaluate(_ output: Float, target: Float) -> (loss: Float, slope: Float, curvature: Float)
}

extension ElementLoss {
  public static var takesShares: Bool { true }

  public func validate(outputs: Shape, classes: Int) throws(LossError) { try requireOutputs(outputs, classes) }

  /// - Throws: ``LossError/outputs(kind:expected:got:)`` unless there is one output for each label or number.
  public func requireOutputs(_ outputs: Shape, _ classes: Int) throws(LossError) {
    guard outputs == [classes] else {
      let each = Self.target == .labels ? "label" : "number"
      throw .outputs(kind: Self.kind, expected: "\(classes.counted("output")), one for each \(each)", got: outputs)
    }
  }

  public func evaluate(
    _ outputs: Tensor, targets: Targets, scale: Float
  ) throws(LossError) -> (loss: Float, gradient: Tensor) {
    var gradient = Tensor(uninitialized: outputs.shape)
    // In double precision: the sum of a batch's losses is compared across batch sizes.
    var sum = 0.0
    try forEachElement(of: outputs, targets, in: &gradient) { element, width in
      sum += Double(element.loss) / Double(width)
      return element.slope * scale / Float(width)
    }
    return (Float(sum) * scale, gradient)
  }

  public func secondDerivatives(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> Tensor {
    var result = Tensor(uninitialized: outputs.shape)
    try forEachElement(of: outputs, targets, in: &result) { element, width in
      element.curvature * scale / Float(width)
    }
    return result
  }

  private func forEachElement(
    of outputs: Tensor, _ targets: Targets, in result: inout Tensor,
    _ body: (_ element: (loss: Float, slope: Float, curvature: Float), _ width: Int) -> Float
  ) throws(LossError) {
    let rows: TargetRows<Float>
    switch targets {
    case .labels(let labels) where Self.target == .labels: rows = labels
    case .numbers(let numbers) where Self.target == .numbers: rows = numbers
    default: throw .targetKind(kind: Self.kind, expected: Self.target, got: targets.kind)
    }
    guard outputs.shape == [rows.count, rows.width] else {
      throw .outputs(kind: Self.kind, expected: "[\(rows.count), \(rows.width)]", got: outputs.shape)
    }
    outputs.withUnsafeFloats { outputs in
      result.withUnsafeMutableFloats { result in
        for (place, target) in rows.values.enumerated() {
          result[place] = body(evaluate(outputs[place], target: target), rows.width)
        }
      }
    }
  }
}
