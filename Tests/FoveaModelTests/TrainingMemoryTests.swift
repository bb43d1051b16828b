import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// What a training takes is known before its first step.
@Suite struct TrainingMemoryTests {
  private static func model(features: Int, units: Int) throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let description = ModelDescription("counted", input: [2, 8, features / 16]) {
      Convolution.layer("a", filters: 2, kernel: 1) { $0.bias = false }
      BatchNormalization.layer("b")
      Flatten.layer("f")
      Dense.layer("d", units: units)
    }
    return try Model(description, registry: registry, seed: 1)
  }

  @Test func countsGradientsMemoriesAndCopies() throws {
    let model = try Self.model(features: 256, units: 8)
    // Two by two of the convolution, scale and shift of each map, and the dense layer's.
    let (trained, dense) = (4 + 4 + 256 * 8 + 8, 256 * 8)
    #expect(model.trainableParameters.reduce(0) { $0 + model.shape(of: $1).count } == trained)
    var training = TrainingMemory(batchSize: 64, parts: 3, memories: 2)
    #expect(model.bytes(of: training) == 4 * 5 * trained)
    // Running statistics are copied, too.
    training.copies = 2
    #expect(model.bytes(of: training) == 4 * (5 * trained + 2 * (trained + 4)))
    // Of few examples, the gradient of the dense layer's weights stays a sum of products.
    (training.batchSize, training.copies) = (9, 0)
    #expect(model.bytes(of: training) == 4 * (5 * trained - 3 * dense))
    training.batches = 2
    #expect(model.bytes(of: training) == 4 * 5 * trained)
  }

  @Test func whatIsTooMuchIsAnErrorThatSaysHowToMendIt() throws {
    let model = try Self.model(features: 256, units: 8)
    var training = TrainingMemory(batchSize: 2, parts: 2, memories: 2)
    try model.checkMemory(for: training)
    training.memories = 1 << 40
    #expect {
      try model.checkMemory(for: training)
    } throws: { error in
      guard case ModelError.trainingMemory(model: "counted", weights: 1_000_000_000..., batch: _) = error else {
        return false
      }
      return "\(error)".contains("there is no memory to train model 'counted'")
        && "\(error)".contains("an optimizer that remembers less, such as sgd")
    }
  }

  @Test func knowsWhetherWeightsAreHeldTwice() throws {
    var model = try Self.model(features: 256, units: 8)
    let alone = model.sharesTrainedWeights()
    let other = model
    let shared = model.sharesTrainedWeights()
    withExtendedLifetime(other) {}
    #expect(!alone && shared)
  }
}
