import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// The same seed gives the same weights, bit for bit, with one thread and with two.
@Suite struct ThreadIndependenceTests {
  private static func weights(_ name: String, batch: Int, threads: Int) throws -> [Float] {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    let description = try ModelDescription(named: name)
    let model = try Model(description, registry: registry, seed: 4)
    let loss = try registry.makeLoss(#require(description.loss))
    let classes = max(2, model.outputShape.count)
    var trainer = try Trainer(model, loss: loss, optimizer: Adam(), classes: classes, threads: threads, seed: 9)
    var random = SeededRandom(seed: 3)
    for _ in 0..<3 {
      let shape = model.inputShape.batched(batch)
      let inputs = Tensor((0..<shape.count).map { _ in random.uniform() }, shape)
      _ = try trainer.step(inputs, targets: (0..<batch).map { $0 % classes })
    }
    return trainer.model.namedParameters.flatMap(\.tensor.elements)
  }

  @Test(arguments: ["lenet", "lenet5-1998"], [1, 5, 16, 33, 128])
  func weightsDoNotDependOnThreads(name: String, batch: Int) throws {
    #expect(
      try Self.weights(name, batch: batch, threads: 1) == Self.weights(name, batch: batch, threads: 2))
  }

  @Test func moreWeightsStillDoNotDependOnTwoThreads() throws {
    #expect(
      try Self.weights("mnist-2conv", batch: 20, threads: 1) == Self.weights("mnist-2conv", batch: 20, threads: 2))
  }
}
