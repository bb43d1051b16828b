import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// From the same first weights and on the same batches, our losses are PyTorch's, step for step.
@Suite struct TrainingTraceTests {
  static let lenet = ModelDescription(
    name: "lenet", input: [1, 28, 28],
    layers: [
      LayerDescription(name: "c1", kind: "convolution", configuration: ["filters": 6, "kernel": 5]),
      LayerDescription(kind: "relu"),
      LayerDescription(kind: "maximumPooling", configuration: ["window": 2]),
      LayerDescription(name: "c3", kind: "convolution", configuration: ["filters": 16, "kernel": 5]),
      LayerDescription(kind: "relu"),
      LayerDescription(kind: "maximumPooling", configuration: ["window": 2]),
      LayerDescription(kind: "flatten"),
      LayerDescription(name: "f5", kind: "dense", configuration: ["units": 120]),
      LayerDescription(kind: "relu"),
      LayerDescription(name: "f6", kind: "dense", configuration: ["units": 84]),
      LayerDescription(kind: "relu"),
      LayerDescription(name: "output", kind: "dense", configuration: ["units": 10]),
    ])

  static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let start = try SafeTensors(contentsOf: FixtureFolder.path("Training/lenet-start.safetensors"))
    return try Model(lenet, registry: registry, tensors: start.tensors)
  }

  @Test(arguments: [1, 2, 3], [Parallelism.examples, .kernels])
  func adamFollowsPyTorch(threads: Int, parallelism: Parallelism) throws {
    try follow("lenet-adam", Adam(learningRate: 0.001), threads, parallelism)
  }

  @Test func momentumAndWeightDecayFollowPyTorch() throws {
    try follow(
      "lenet-sgd", StochasticGradientDescent(learningRate: 0.01, momentum: 0.9, weightDecay: 0.0005), 2, .automatic)
  }

  private func follow(_ trace: String, _ optimizer: any Optimizer, _ threads: Int, _ parallelism: Parallelism) throws {
    let expected = try SafeTensors(contentsOf: FixtureFolder.path("Training/\(trace).safetensors"))
    let images = try SafeTensors(contentsOf: FixtureFolder.path("Training/lenet-images.safetensors"))
    let inputs = try #require(images.tensors["images"])
    let targets = try #require(images.tensors["targets"]).elements.map { Int($0) }
    let losses = try #require(expected.tensors["losses"]).elements
    var trainer = try Trainer(
      Self.model(), loss: SoftmaxCrossEntropy(), optimizer: optimizer, classes: 10, threads: threads, seed: 0,
      parallelism: parallelism)
    for (step, theirs) in losses.enumerated() {
      let rows = (0..<16).map { (step * 16 + $0) % targets.count }
      let batch = Tensor(rows.flatMap { inputs.rows($0..<$0 + 1).elements }, [16, 1, 28, 28])
      let ours = try trainer.step(batch, targets: rows.map { targets[$0] })
      #expect(isClose(ours, theirs, relative: 1e-3), "step \(step): \(ours) instead of \(theirs)")
    }
    for (name, _, tensor) in trainer.model.namedParameters {
      guard let final = expected.tensors["final.\(name)"] else { continue }
      for (ours, theirs) in zip(tensor.elements, final.elements) {
        #expect(isClose(ours, theirs, relative: 1e-2, absolute: 1e-4))
      }
    }
  }

  @Test func sameSeedSameBits() throws {
    func train() throws -> [Float] {
      var trainer = try Trainer(
        Self.model(), loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 10, threads: 2, seed: 5)
      var random = SeededRandom(seed: 3)
      for _ in 0..<5 {
        let inputs = Tensor((0..<32 * 784).map { _ in random.uniform() }, [32, 1, 28, 28])
        _ = try trainer.step(inputs, targets: (0..<32).map { $0 % 10 })
      }
      return trainer.model.namedParameters.flatMap(\.tensor.elements)
    }
    #expect(try train() == train())
  }

  @Test func steadyStateAllocatesNothing() throws {
    var trainer = try Trainer(
      Self.model(), loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 10, threads: 1, seed: 5)
    let inputs = Tensor(repeating: 0.5, [57, 1, 28, 28])
    let targets = (0..<57).map { $0 % 10 }
    for _ in 0..<3 { _ = try trainer.step(inputs, targets: targets) }
    // Other tests run beside this one and may allocate; over several steps a leak of ours would still show.
    var fewest = Int.max
    for _ in 0..<20 {
      let before = StoragePool.shared.systemAllocations
      _ = try trainer.step(inputs, targets: targets)
      fewest = min(fewest, StoragePool.shared.systemAllocations - before)
    }
    #expect(fewest == 0)
  }
}
