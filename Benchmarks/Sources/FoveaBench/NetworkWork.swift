import Fovea

/// A network on random batches that lie in memory.
struct NetworkWork {
  /// Which network, as the peers have it.
  struct Subject: Sendable {
    let name: String
    let architecture: String
    let batch: Int
    /// Width and height of the input, where it is not the architecture's.
    var size: Int?
    let modes: [Mode]
    /// Batches held in memory; a loop goes round them.
    var batches = 16
    /// Whether one image is computed on all threads: for small networks, waking another takes longer than it helps.
    var sharesOneImage = false

    static let all =
      [
        Subject(name: "lenet", architecture: "lenet", batch: 128, modes: [.training, .inference, .latency]),
        Subject(name: "lenet5-1998", architecture: "lenet5-1998", batch: 128, modes: [.training, .inference, .online]),
        Subject(name: "mnist-2conv", architecture: "mnist-2conv", batch: 128, modes: [.training, .inference]),
        Subject(name: "cats-and-dogs", architecture: "cats-and-dogs", batch: 32, modes: [.training, .inference]),
        Subject(
          name: "small-resnet", architecture: "small-resnet", batch: 64, modes: [.training, .inference], batches: 4),
        Subject(name: "resnet18-64", architecture: "resnet18", batch: 32, size: 64, modes: [.training], batches: 4),
      ]
      + ["resnet18", "resnet50", "mobilenet-v2", "squeezenet-1.1", "efficientnet-b0"].map {
        Subject(
          name: $0, architecture: $0, batch: 16, modes: [.inference, .latency], batches: 2, sharesOneImage: true)
      }
  }

  enum Mode: Sendable {
    /// Adam.
    case training
    case inference
    /// The median time of one image.
    case latency
    /// One image a step, plain descent.
    case online
  }

  private let subject: Subject
  private let description: ModelDescription
  private let model: Model
  private let loss: any Loss
  private let batches: [(inputs: Tensor, targets: [Int])]
  private let classes: Int

  /// Where the batch size is not the work's own: as many images, whatever the size, but no more than this many values.
  private static let mostValues = 1 << 24

  /// What those batches take, in MB of 2^20 bytes.
  var heldMemory: Double { batches.reduce(0) { $0 + Double($1.inputs.shape.count) * 4 / 1_048_576 } }

  init(_ subject: Subject, _ settings: BenchSettings) throws {
    guard var description = Architecture.named(subject.architecture)?.description else {
      throw Unsupported(description: "there is no architecture '\(subject.architecture)'")
    }
    if let size = settings.inputSize ?? subject.size { description.input = [description.input[0], size, size] }
    self.subject = subject
    self.description = description
    let registry = Registry.standard
    let drawn = try Model(description, registry: registry, seed: 1998)
    loss = try registry.makeLoss(description.loss ?? KindDescription(kind: "softmaxCrossEntropy"))
    classes = max(2, drawn.outputShape.count)
    var random = SeededRandom(seed: 1998)
    let size = max(1, settings.batchSize ?? subject.batch)
    let fitting = min(subject.batches * subject.batch / size, Self.mostValues / (size * description.input.count))
    let isUsual = settings.batchSize == nil && settings.inputSize == nil
    let count = isUsual ? subject.batches : max(2, fitting)
    let labels = classes
    let batches: [(inputs: Tensor, targets: [Int])] = (0..<count).map { _ in
      let shape = description.input.batched(size)
      let inputs = Tensor((0..<shape.count).map { _ in random.uniform() }, shape)
      return (inputs, (0..<size).map { _ in Int.random(in: 0..<labels, using: &random) })
    }
    self.batches = batches
    if settings.precision == .int8 {
      var calibration = try Calibration(of: drawn)
      try calibration.add(Tensors(batches[0].inputs))
      model = try drawn.quantized(by: calibration.quantization(.minMax))
    } else {
      model = try drawn.inPrecision(settings.precision)
    }
  }

  func measure(_ mode: Mode, _ settings: BenchSettings) throws -> Double {
    if settings.precision == .int8, mode == .training || mode == .online {
      throw Unsupported(description: "networks are trained in floats")
    }
    return switch mode {
    case .training: try training(settings)
    case .inference: try inference(settings)
    case .latency: try latency(settings)
    case .online: try online(settings)
    }
  }

  private func training(_ settings: BenchSettings) throws -> Double {
    var trainer = try makeTrainer(Adam(), settings)
    return try Stopwatch.rate(images: batches[0].targets.count, seconds: settings.seconds) { step in
      let batch = batches[step % batches.count]
      _ = try trainer.step(batch.inputs, targets: batch.targets)
    }
  }

  /// One image a step, plain descent.
  private func online(_ settings: BenchSettings) throws -> Double {
    let examples = batches.flatMap { batch in
      batch.targets.indices.map { (batch.inputs.rows($0..<$0 + 1), [batch.targets[$0]]) }
    }
    var trainer = try makeTrainer(StochasticGradientDescent(learningRate: 1e-4, momentum: 0), settings)
    return try Stopwatch.rate(images: 1, seconds: settings.seconds) { step in
      let (input, target) = examples[step % examples.count]
      _ = try trainer.step(input, targets: target)
    }
  }

  private func inference(_ settings: BenchSettings) throws -> Double {
    let pool = WorkerPool(count: settings.threads)
    return try Stopwatch.rate(images: batches[0].targets.count, seconds: settings.seconds) { step in
      _ = try model.infer(batches[step % batches.count].inputs, on: pool)
    }
  }

  /// The median time of one image, in microseconds.
  private func latency(_ settings: BenchSettings) throws -> Double {
    let input = batches[0].inputs.rows(0..<1)
    KernelThreads.set(subject.sharesOneImage ? settings.threads : 1)
    return try Stopwatch.median(seconds: settings.seconds) { _ = try model.infer(input) } * 1e6
  }

  private func makeTrainer(_ optimizer: any Optimizer, _ settings: BenchSettings) throws -> Trainer {
    try Trainer(
      model, loss: loss, optimizer: optimizer, classes: classes, threads: settings.threads, seed: 1998,
      parallelism: settings.parallelism)
  }
}
