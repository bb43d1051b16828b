import FoveaCore
import FoveaTraining
import Testing

/// Losses of labels and numbers. The values are those of PyTorch's formulas in double precision, by hand:
/// `binary_cross_entropy_with_logits`, `mse_loss`, `l1_loss` and `huber_loss` with the mean over all elements.
@Suite struct ElementLossTests {
  struct Case: Sendable {
    let loss: any ElementLoss
    let targets: Targets
    let value: Float
  }

  private static let outputs: [Float] = [0.3, -1.2, 2.5, 0.9, -40, 60]
  private static let labels = Targets.labels(TargetRows([1, 0, 1, 0, 1, 1], width: 3))
  private static let numbers = Targets.numbers(TargetRows([0.5, -1, 4, 0.8, -39.75, 57], width: 3))

  static let cases = [
    Case(loss: MultiLabelCrossEntropy(), targets: labels, value: 7.022_946_9),
    Case(loss: SquaredError(), targets: numbers, value: 1.900_416_7),
    Case(loss: AbsoluteError(), targets: numbers, value: 0.875),
    Case(loss: HuberLoss(), targets: numbers, value: 0.596_041_7),
    Case(loss: HuberLoss(delta: 2), targets: numbers, value: 0.866_875),
  ]

  @Test(arguments: cases) func agreesWithPyTorchsFormula(_ test: Case) throws {
    // The mean over a batch of two, and over the three outputs of each.
    let (value, gradient) = try test.loss.evaluate(
      Tensor(Self.outputs, [2, 3]), targets: test.targets, scale: 1 / 2)
    #expect(isClose(value, test.value, relative: 1e-5))
    #expect(gradient.shape == [2, 3])
  }

  @Test(arguments: cases) func gradientsAndCurvaturesAreDifferences(_ test: Case) throws {
    let step: Float = 1 / 64
    let outputs: [Float] = [0.3, -1.2, 2.5, 0.9, -38, 54]
    let gradient = try test.loss.evaluate(Tensor(outputs, [2, 3]), targets: test.targets, scale: 1).gradient.elements
    let curvature = try test.loss.secondDerivatives(
      Tensor(outputs, [2, 3]), targets: test.targets, scale: 1
    ).elements
    for index in outputs.indices {
      func moved(_ shift: Float) throws -> (loss: Float, slope: Float) {
        var moved = outputs
        moved[index] += shift
        let row = index / 3
        let result = try test.loss.evaluate(
          Tensor(Array(moved[row * 3..<row * 3 + 3]), [1, 3]), targets: test.targets[row..<row + 1], scale: 1)
        return (result.loss, result.gradient.elements[index % 3])
      }
      let (below, above) = (try moved(-step), try moved(step))
      #expect(isClose(gradient[index], (above.loss - below.loss) / (2 * step), relative: 1e-2, absolute: 1e-3))
      #expect(isClose(curvature[index], (above.slope - below.slope) / (2 * step), relative: 1e-2, absolute: 1e-4))
    }
  }

  @Test func otherTargetsAndOtherOutputsAreRefused() {
    #expect(throws: LossError.targetKind(kind: "squaredError", expected: .numbers, got: .oneClass)) {
      try SquaredError().evaluate(Tensor(zeros: [1, 3]), targets: [0], scale: 1)
    }
    #expect(throws: LossError.targetKind(kind: "softmaxCrossEntropy", expected: .oneClass, got: .labels)) {
      try SoftmaxCrossEntropy().evaluate(Tensor(zeros: [2, 3]), targets: Self.labels, scale: 1)
    }
    #expect(throws: LossError.outputs(kind: "multiLabelCrossEntropy", expected: "[2, 3]", got: [2, 4])) {
      try MultiLabelCrossEntropy().evaluate(Tensor(zeros: [2, 4]), targets: Self.labels, scale: 1)
    }
    #expect(throws: LossError.outputs(kind: "huber", expected: "2 outputs, one for each number", got: [3])) {
      try HuberLoss().validate(outputs: [3], classes: 2)
    }
    #expect(
      throws: LossError.invalidConfiguration(kind: "huber", key: "delta", expected: "a positive number", got: "0.0")
    ) { try HuberLoss(delta: 0).validate(outputs: [2], classes: 2) }
  }
}
