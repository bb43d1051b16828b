import Fovea

/// A network on random batches that lie in memory.
struct NetworkWork {
  private let description: ModelDescription
  private let model: Model
  private let loss: any Loss
  private let batches: [(inputs: Tensor, targets: [Int])]
  private let classes: Int

  /// Batches held in memory; a loop goes round them.
  private static let batchCount = 16
  /// Where the batch size is not the work's own: as many images, whatever the size, but no more than this many values.
  private static let mostValues = 1 << 24

  /// What those batches take, in MB of 2^20 bytes.
  var heldMemory: Double { batches.reduce(0) { $0 + Double($1.inputs.shape.count) * 4 / 1_048_576 } }

  init(_ architecture: String, _ settings: BenchSettings) throws {
    guard var description = Architecture.named(architecture)?.description else {
      throw Unsupported(description: "there is no architecture '\(architecture)'")
    }
    if let size = settings.inputSize { description.input = [description.input[0], size, size] }
    self.description = description
    let registry = Registry.standard
    model = try Model(description, registry: registry, seed: 1998).inPrecision(settings.precision)
    loss = try registry.makeLoss(description.loss ?? KindDescription(kind: "softmaxCrossEntropy"))
    classes = max(2, model.outputShape.count)
    var random = SeededRandom(seed: 1998)
    let usual = architecture == "cats-and-dogs" ? 32 : 128
    let size = max(1, settings.batchSize ?? usual)
    let fitting = min(Self.batchCount * usual / size, Self.mostValues / (size * description.input.count))
    let isUsual = settings.batchSize == nil && settings.inputSize == nil
    let count = isUsual ? Self.batchCount : max(2, fitting)
    let labels = classes
    batches = (0..<count).map { _ in
      let shape = description.input.batched(size)
      let inputs = Tensor((0..<shape.count).map { _ in random.uniform() }, shape)
      return (inputs, (0..<size).map { _ in Int.random(in: 0..<labels, using: &random) })
    }
  }

  func training(_ settings: BenchSettings) throws -> Double {
    var trainer = try makeTrainer(Adam(), settings)
    return try Stopwatch.rate(images: batches[0].targets.count, seconds: settings.seconds) { step in
      let batch = batches[step % batches.count]
      _ = try trainer.step(batch.inputs, targets: batch.targets)
    }
  }

  /// One image a step, plain descent.
  func online(_ settings: BenchSettings) throws -> Double {
    let examples = batches.flatMap { batch in
      batch.targets.indices.map { (batch.inputs.rows($0..<$0 + 1), [batch.targets[$0]]) }
    }
    var trainer = try makeTrainer(StochasticGradientDescent(learningRate: 1e-4, momentum: 0), settings)
    return try Stopwatch.rate(images: 1, seconds: settings.seconds) { step in
      let (input, target) = examples[step % examples.count]
      _ = try trainer.step(input, targets: target)
    }
  }

  func inference(_ settings: BenchSettings) throws -> Double {
    let pool = WorkerPool(count: settings.threads)
    return try Stopwatch.rate(images: batches[0].targets.count, seconds: settings.seconds) { step in
      _ = try model.infer(batches[step % batches.count].inputs, on: pool)
    }
  }

  /// The median time of one image, in microseconds.
  func latency(_ settings: BenchSettings) throws -> Double {
    let input = batches[0].inputs.rows(0..<1)
    KernelThreads.set(1)
    return try Stopwatch.median(seconds: settings.seconds) { _ = try model.infer(input) } * 1e6
  }

  private func makeTrainer(_ optimizer: any Optimizer, _ settings: BenchSettings) throws -> Trainer {
    try Trainer(
      model, loss: loss, optimizer: optimizer, classes: classes, threads: settings.threads, seed: 1998,
      parallelism: settings.parallelism)
  }
}
