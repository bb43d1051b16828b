import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Synchronization
import Testing

/// The memory that is planned for a training is what it takes.
@Suite struct TrainingMemoryTests {
  /// Notes how much memory tensors have when gradients of all that comes behind it are there.
  private struct Scale: UnaryLayer {
    struct Cache: Sendable {}
    static let kind = "scale"
    static let seen = Mutex<[Int]>([])
    let configuration: NoConfiguration
    let outputShape: Shape

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func forward(
      _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
    ) throws(LayerError) -> (output: Tensor, cache: Cache) { (input, Cache()) }

    func backward(
      _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
      into gradients: inout Gradients
    ) throws(LayerError) -> Tensor? {
      StoragePool.shared.trim()
      Self.seen.withLock { $0.append(StoragePool.shared.bytes) }
      return outputGradient
    }
  }

  private struct Difference: Error {
    let got: [Int]
    let planned: Int
  }

  /// 16 KiB of weights before the layer that looks, and 256 behind it.
  private static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(Scale.self, from: .program)
    let description = ModelDescription("weighed", input: [64, 4, 4]) {
      Convolution.layer("a", filters: 64, kernel: 1)
      Scale.layer("scale")
      Convolution.layer("b", filters: 64, kernel: 4)
      Flatten.layer("f")
    }
    return try Model(description, registry: registry, seed: 1)
  }

  @Test func isWhatStepsTake() async {
    await #expect(processExitsWith: .success) {
      KernelThreads.set(1)
      let model = try Self.model()
      let input = Tensor(repeating: 0.5, [6, 64, 4, 4])
      var trainer = try Trainer(
        model, loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 64, threads: 1, seed: 1)
      StoragePool.shared.trim()
      let before = StoragePool.shared.bytes
      for _ in 0..<2 { _ = try trainer.step(input, targets: Array(0..<6)) }
      var training = TrainingMemory(batchSize: 6, parts: trainer.parts(of: 6), memories: 2)
      training.copies = 1
      let planned = model.bytes(of: training)
      // Of the second step's last part, that of the layer before is missing; what lies between the layers is little.
      let seen = Scale.seen.withLock { $0 }.map { $0 - before }
      guard training.parts == 2, seen.count == 4, let last = seen.last, abs(last - planned) < 128 << 10 else {
        throw Difference(got: seen, planned: planned)
      }
      withExtendedLifetime(model) {}
    }
  }

  /// A rule that no machine has the memory for.
  private struct Hoard: Optimizer {
    static let kind = "hoard"
    var learningRate: Float = 0.1
    var memories: Int { 1 << 40 }
    func validate() throws(ConfigurationError) {}
    func update(_ block: WeightBlock, step: Int) {}
  }

  private static func isOfTraining(_ error: any Error) -> Bool {
    guard case TrainingError.model(.trainingMemory) = error else { return false }
    return "\(error)".contains("there is no memory to train model")
  }

  @Test func isAskedForBeforeAnythingIsTaken() throws {
    var small = SmallTraining()
    small.recipe.optimizer = KindDescription(kind: Hoard.kind)
    small.more = { try $0.register(Hoard.self) }
    #expect(performing: { try small.run() }, throws: Self.isOfTraining)
    // Who takes steps of his own is told in the first.
    var trainer = try Trainer(
      Self.model(), loss: SoftmaxCrossEntropy(), optimizer: Hoard(), classes: 64, threads: 1, seed: 1)
    #expect(
      performing: { try trainer.step(Tensor(repeating: 0.5, [2, 64, 4, 4]), targets: [1, 2]) },
      throws: Self.isOfTraining)
    let profile = try ProfileRun(Self.model(), batchSize: 2, threads: 1, seconds: 0)
    #expect(
      performing: { try profile.training(loss: SoftmaxCrossEntropy(), optimizer: Hoard(), classes: 64) },
      throws: Self.isOfTraining)
  }
}
