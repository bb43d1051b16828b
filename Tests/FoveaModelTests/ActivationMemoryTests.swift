import FoveaCore
import FoveaLayers
import FoveaModel
import Synchronization
import Testing

/// The memory that is planned for tensors between the layers is what they take.
@Suite struct ActivationMemoryTests {
  /// Notes how much memory tensors have while it runs, its output included.
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
    ) throws(LayerError) -> (output: Tensor, cache: Cache) {
      let output = Tensor(zeros: input.shape)
      StoragePool.shared.trim()
      Self.seen.withLock { $0.append(StoragePool.shared.bytes) }
      return (output, Cache())
    }

    func backward(
      _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
      into gradients: inout Gradients
    ) throws(LayerError) -> Tensor? { outputGradient }
  }

  /// Sizes are powers of two and whole blocks, as memory and kernels like them.
  private static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(Scale.self, from: .program)
    let description = ModelDescription("weighed", input: [16, 32, 32]) {
      Convolution.layer("a", filters: 32, kernel: 3) { $0.padding = .same }
      BatchNormalization.layer("b")
      Scale.layer("first")
      Convolution.layer("c", filters: 32, kernel: 3) { $0.padding = .same }
      Add.layer("d", inputs: ["c", "first"])
      Relu.layer("e")
      Scale.layer("second")
      Convolution.layer("f", inputs: ["e"], filters: 32, kernel: 1)
      Add.layer("g", inputs: ["f", "second"])
      Scale.layer("third")
      MaximumPooling.layer("h", window: 2)
      Scale.layer("fourth")
    }
    return try Model(description, registry: registry, seed: 1)
  }

  @Test(arguments: [false, true]) func isAskedForBeforeItIsTaken(training: Bool) throws {
    let model = try Self.model()
    func check(batchSize: Int) throws(ModelError) {
      guard training else { return try model.checkMemory(batchSize: batchSize) }
      try model.checkMemory(for: TrainingMemory(batchSize: batchSize, parts: 2, memories: 2))
    }
    try check(batchSize: 1)
    #expect {
      try check(batchSize: 1 << 50)
    } throws: { error in
      guard case ModelError.memory(1 << 50, _) = error else { return false }
      return "\(error)".contains("there is no memory for 1,125,899,906,842,624 examples at once")
    }
  }

  @Test func isWhatTensorsTake() async {
    await #expect(processExitsWith: .success) {
      KernelThreads.set(1)
      let model = try Self.model()
      let input = Tensor(zeros: [4, 16, 32, 32])
      // Weights are prepared by then.
      _ = try model.infer(input)
      StoragePool.shared.trim()
      let before = StoragePool.shared.bytes - input.byteCount
      Scale.seen.withLock { $0 = [] }
      _ = try model.infer(input)
      let kibibytes = Scale.seen.withLock { $0 }.map { ($0 - before) >> 10 }
      // The input; what comes into the layer and what goes out; before the second, nothing else is read any more.
      let expected = [256 + 2 * 512, 256 + 2 * 512, 256 + 2 * 512, 256 + 2 * 128]
      guard kibibytes == expected else { throw Difference(got: kibibytes, expected: expected) }
      let planned = model.activationMemory(batchSize: 4)
      guard planned.bytes >> 10 == 256 + 2 * 512 else { throw Difference(got: [planned.bytes], expected: expected) }
    }
  }

  /// Of the weights there is a copy in each of the few orders that kernels ask for, and it ends with the model.
  @Test func preparedWeightsAreBoundedAndGivenBack() async {
    await #expect(processExitsWith: .success) {
      KernelThreads.set(1)
      func held() -> Int {
        StoragePool.shared.trim()
        return StoragePool.shared.bytes
      }
      func use() throws {
        var registry = Registry()
        try BuiltinLayers.register(in: &registry)
        let description = ModelDescription("wide", input: [64, 9, 8]) {
          Convolution.layer("a", filters: 64, kernel: 4)
          BatchNormalization.layer("b")
        }
        let model = try Model(description, registry: registry, seed: 1)
        let unused = held()
        for batch in [1, 2, 3, 17, 40] { _ = try model.infer(Tensor(zeros: [batch, 64, 9, 8])) }
        let (weights, copies) = (64 * 64 * 16 * 4, held() - unused)
        // And a bias.
        guard copies >= weights, copies <= 2 * weights + 4096 else {
          throw Difference(got: [copies], expected: [weights])
        }
      }
      let before = held()
      try use()
      guard held() == before else { throw Difference(got: [held()], expected: [before]) }
    }
  }

  private struct Difference: Error {
    let got: [Int]
    let expected: [Int]
  }

  /// The second sum lies in its addend's memory; the first one's addend is what the convolution reads.
  @Test func countsWhatIsReadLater() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    func bytes(_ batch: Int, @LayerListBuilder _ layers: () -> [LayerDescription]) throws -> ActivationMemory {
      try Model(ModelDescription("m", input: [16, 8, 8], layers: layers), registry: registry, seed: 1)
        .activationMemory(batchSize: batch)
    }
    let map = 16 * 64 * 4
    let chain = try bytes(1) {
      Convolution.layer("a", filters: 16, kernel: 1)
      Relu.layer("b")
      Convolution.layer("c", filters: 32, kernel: 1)
    }
    #expect(chain.bytes == 4 * map && chain.step == "c")
    let residual = try bytes(3) {
      Convolution.layer("a", filters: 16, kernel: 1)
      Convolution.layer("b", filters: 16, kernel: 1)
      Add.layer("c", inputs: ["a", "b"])
      Convolution.layer("d", filters: 16, kernel: 1)
      Convolution.layer("e", filters: 16, kernel: 1)
      Add.layer("f", inputs: ["c", "e"])
    }
    // The input, `c`, `d`, and the sum in the place of `c`; `b + c` has two of its own.
    #expect(residual.bytes == 3 * 3 * map && residual.batchSize == 3)
    let huge = try bytes(.max) { Convolution.layer("a", filters: 16, kernel: 1) }
    #expect(huge.bytes >= 1 << 46)
  }
}
