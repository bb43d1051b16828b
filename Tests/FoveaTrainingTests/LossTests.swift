import Foundation
import FoveaCore
import FoveaTraining
import Testing

@Suite struct LossTests {
  static let fixtures = FixtureFolder.files(in: "Losses")

  /// PyTorch's value and gradient of the mean loss over a batch.
  @Test(arguments: fixtures) func agreesWithPyTorch(path: String) throws {
    let file = try SafeTensors(contentsOf: path)
    var registry = Registry()
    try BuiltinLosses.register(in: &registry)
    let kind = try #require(file.metadata["kind"])
    let values = try JSONDecoder().decode(
      [String: ConfigurationValue].self, from: Data(try #require(file.metadata["configuration"]).utf8))
    let loss = try make(registry.losses.entry(kind).type, values)
    let outputs = try #require(file.tensors["output"])
    let targets = try #require(file.tensors["targets"]).elements.map { Int($0) }
    let (value, gradient) = try loss.evaluate(outputs, targets: Targets(targets), scale: 1 / Float(targets.count))
    #expect(isClose(value, try #require(file.tensors["loss"]).elements[0], relative: 1e-5))
    let expected = try #require(file.tensors["outputGradient"]).elements
    for (ours, theirs) in zip(gradient.elements, expected) { #expect(isClose(ours, theirs, relative: 1e-4)) }
  }

  private func make<L: Loss>(_ type: L.Type, _ values: [String: ConfigurationValue]) throws -> any Loss {
    try ConfigurationDecoder.decode(type, from: values, owner: L.kind)
  }

  @Test func secondDerivativesAreThoseOfTheGradient() throws {
    let outputs: [Float] = [0.3, 1.2, 2.5, 0.9]
    let step: Float = 1e-2
    for loss in [MaximumAPosteriori(j: 0.7) as any SecondDerivativeLoss, MeanSquaredError(), MaximumLikelihood()] {
      let curvature = try loss.secondDerivatives(Tensor(outputs, [1, 4]), targets: [2], scale: 1).elements
      for i in outputs.indices {
        func slope(_ shift: Float) throws -> Float {
          var moved = outputs
          moved[i] += shift
          return try loss.evaluate(Tensor(moved, [1, 4]), targets: [2], scale: 1).gradient.elements[i]
        }
        let difference = try (slope(step) - slope(-step)) / (2 * step)
        #expect(isClose(curvature[i], difference, relative: 1e-2))
      }
    }
  }

  @Test func refusesWhatDoesNotGoTogether() {
    #expect(throws: LossError.target(kind: "softmaxCrossEntropy", expected: "a class in 0 ..< 3", got: 3)) {
      try SoftmaxCrossEntropy().evaluate(Tensor(zeros: [1, 3]), targets: [3], scale: 1)
    }
    #expect(throws: LossError.self) { try BinaryCrossEntropy().validate(outputs: [2], classes: 2) }
    #expect(throws: Never.self) { try BinaryCrossEntropy().validate(outputs: [1], classes: 2) }
    #expect(
      throws: LossError.invalidConfiguration(
        kind: "maximumAPosteriori", key: "j", expected: "a positive number", got: "-1.0")
    ) { try MaximumAPosteriori(j: -1).validate(outputs: [10], classes: 10) }
  }
}
