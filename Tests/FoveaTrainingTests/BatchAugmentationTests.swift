import FoveaCore
import FoveaModel
import FoveaTesting
import FoveaTraining
import Testing

/// Mixing examples and smoothing labels, and the losses that learn of it.
@Suite struct BatchAugmentationTests {
  @Test(arguments: BuiltinBatchAugmentations.all.map { $0.kind }) func keepsItsContract(_ kind: String) throws {
    func check<A: BatchAugmentation>(_ type: A.Type) -> ContractReport { KindContract.check(type) }
    let type = try #require(BuiltinBatchAugmentations.all.first { $0.kind == kind })
    let report = check(type)
    #expect(report.passed, "\(report)")
  }

  private static let outputs = Tensor([0.3, -1.2, 2.5, 0.9, 0.1, -0.4], [2, 3])
  private static let shares: [Float] = [0.7, 0.2, 0.1, 0, 0.5, 0.5]

  /// Σ s·E(class), whatever the loss: for a softmax that is the cross entropy with the shares.
  @Test(arguments: ["softmaxCrossEntropy", "meanSquaredError", "maximumLikelihood", "maximumAPosteriori"])
  func sharesAreTheMeanOfTheirClasses(_ kind: String) throws {
    var registry = Registry()
    try BuiltinLosses.register(in: &registry)
    func make<L: Loss>(_ type: L.Type) throws -> any Loss {
      try ConfigurationDecoder.decode(type, from: [:], owner: kind)
    }
    let loss = try make(registry.losses.entry(kind).type)
    let mixed = try loss.evaluate(
      Self.outputs, targets: .shares(TargetRows(Self.shares, width: 3)), scale: 0.5)
    var expected: Float = 0
    var gradient = [Float](repeating: 0, count: 6)
    for example in 0..<2 {
      for target in 0..<3 {
        let share = Self.shares[3 * example + target]
        let one = try loss.evaluate(Self.outputs.rows(example..<example + 1), targets: [target], scale: 0.5)
        expected += share * one.loss
        for i in 0..<3 { gradient[3 * example + i] += share * one.gradient.elements[i] }
      }
    }
    #expect(abs(mixed.loss - expected) < 1e-5)
    for (got, wanted) in zip(mixed.gradient.elements, gradient) { #expect(abs(got - wanted) < 1e-5) }
  }

  /// One logit for two classes: −s₁·log σ(z) − s₀·log(1 − σ(z)), by hand.
  @Test func oneLogitTakesShares() throws {
    let mixed = try BinaryCrossEntropy().evaluate(
      Tensor([0.5], [1, 1]), targets: .shares(TargetRows([0.3, 0.7], width: 2)), scale: 1)
    #expect(abs(mixed.loss - 0.624077) < 1e-5 && abs(mixed.gradient.elements[0] - (0.622459 - 0.7)) < 1e-5)
  }

  @Test func sharesOfOtherClassesAreRefused() {
    #expect(throws: LossError.self) {
      try SoftmaxCrossEntropy().evaluate(Self.outputs, targets: .shares(TargetRows([1, 0, 0, 1], width: 2)), scale: 1)
    }
  }

  /// Takes one class and nothing else.
  private struct Hard: Loss {
    static let kind = "hard"
    func validate(outputs: Shape, classes: Int) throws(LossError) {}
    func evaluate(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> (
      loss: Float, gradient: Tensor
    ) {
      throw .targetKind(kind: Self.kind, expected: .oneClass, got: targets.kind)
    }
  }

  @Test func aLossThatTakesNoSharesIsSaidBeforeTheFirstStep() throws {
    var training = SmallTraining()
    training.recipe.batchAugmentation = KindDescriptions([KindDescription(kind: "mixup")])
    var run = try training.run()
    while let event = try run.next() { if case .stepped(let loss, _) = event { #expect(loss.isFinite) } }
    training.loss = KindDescription(kind: "hard")
    training.more = { registry in try registry.register(Hard.self) }
    let error = #expect(throws: TrainingError.self) { _ = try training.run() }
    #expect(error?.description.contains("'hard', which takes one thing for each example") == true)
    #expect(error?.description.contains("'mixup'") == true)
  }

  @Test func allSettingsAreInTheRecord() throws {
    var training = SmallTraining()
    training.recipe.batchAugmentation = KindDescriptions([KindDescription(kind: "labelSmoothing")])
    training.recipe.augmentation = AugmentationDescription([KindDescription(kind: "zoom")])
    let recipe = try training.run().record.recipe
    #expect(recipe?["batchAugmentation"] == [["kind": "labelSmoothing", "amount": 0.1]])
    #expect(
      recipe?["augmentation"] == [
        ["kind": "zoom", "width": [0.8, 1.2], "interpolation": "bilinear", "border": "reflect", "fill": 0]
      ])
  }
}
