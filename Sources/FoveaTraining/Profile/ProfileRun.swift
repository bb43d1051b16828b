public import FoveaCore
public import FoveaModel

/// Runs a network on random batches, to see where its time goes.
///
/// No data is needed: what a layer costs hardly depends on what the pictures show.
public struct ProfileRun: Sendable {
  private let model: Model
  private let batchSize: Int
  private let threads: Int
  private let seconds: Double

  /// Batches that lie in memory, in turn.
  private static let batchCount = 4
  /// Before anything is measured: kernels are created, and memory is taken.
  private static let warmUpCount = 5
  private static let fewestBatches = 3

  /// - Parameters:
  ///   - threads: cores that share each batch.
  ///   - seconds: how long to measure each of training and inference, at three batches or more.
  /// - Throws: ``TrainingError`` for settings that make no sense, or for which there is no memory.
  public init(_ model: Model, batchSize: Int, threads: Int, seconds: Double) throws(TrainingError) {
    for (name, value) in [("the batch size", batchSize), ("the number of threads", threads)]
    where !(1...1_000_000).contains(value) {
      throw .invalidSetting(name: name, expected: "1 to 1,000,000", got: "\(value)")
    }
    guard seconds >= 0, seconds <= 86_400 else {
      throw .invalidSetting(name: "the time to measure", expected: "0 to 86,400 seconds", got: "\(seconds)")
    }
    do { try model.checkMemory(batchSize: batchSize) } catch { throw .model(error) }
    self.model = model
    self.batchSize = batchSize
    self.threads = threads
    self.seconds = seconds
  }

  /// Steps of a training; the model itself stays as it is.
  ///
  /// - Throws: ``TrainingError`` where the loss does not go with the model's outputs, or there is no memory, and what layers
  ///   throw.
  public func training(
    loss: any Loss, optimizer: any Optimizer, classes: Int
  ) throws(TrainingError) -> ProfileReport {
    let output = LearnedOutput(loss: loss, labels: (0..<classes).map(String.init))
    return try training(outputs: OneOrMore(output), optimizer: optimizer)
  }

  /// The same for several outputs. Where one has no labels, there are as many as it has numbers.
  public func training(
    outputs: OneOrMore<LearnedOutput>, optimizer: any Optimizer
  ) throws(TrainingError) -> ProfileReport {
    let outputs = outputs.mapped(labelled)
    var trainer = try Trainer(model, outputs: outputs, optimizer: optimizer, threads: threads, seed: 1998)
    // Inference needs the weights as they are.
    try trainer.checkMemory(batchSize: batchSize, copies: 1)
    var random = SeededRandom(seed: 1998)
    let targets = try outputs.mapped { output throws(TrainingError) in
      try Self.targets(for: output, count: batchSize, using: &random)
    }
    let batches = try makeBatches()
    for index in 0..<Self.warmUpCount { _ = try trainer.step(batches[index % batches.count], targets: targets) }
    let profile = Profile()
    trainer.profile = profile
    try measure { index throws(TrainingError) in
      _ = try trainer.step(batches[index % batches.count], targets: targets)
    }
    return ProfileReport(profile, of: model, batchSize: batchSize)
  }

  /// The network as it is used.
  ///
  /// - Throws: ``TrainingError/model(_:)`` where a layer fails.
  public func inference() throws(TrainingError) -> ProfileReport {
    let pool = WorkerPool(count: threads)
    let batches = try makeBatches()
    let profile = Profile()
    func infer(_ index: Int, _ profile: Profile?) throws(TrainingError) {
      let whole = profile?.start(.whole)
      defer { whole?.stop() }
      do { _ = try model.infer(batches[index % batches.count], on: pool, profile: profile) } catch {
        throw .model(error)
      }
    }
    for index in 0..<Self.warmUpCount { try infer(index, nil) }
    try measure { index throws(TrainingError) in try infer(index, profile) }
    return ProfileReport(profile, of: model, batchSize: batchSize)
  }

  private func labelled(_ output: LearnedOutput) -> LearnedOutput {
    guard output.labels == nil, model.outputs.indices.contains(output.index) else { return output }
    var labelled = output
    let count = model.outputs[output.index].shape.count
    // One logit tells two classes apart.
    let isOfOneClass = output.loss.map { type(of: $0).target == .oneClass } ?? true
    labelled.labels = (0..<(isOfOneClass ? max(2, count) : count)).map(String.init)
    return labelled
  }

  private static func targets(
    for output: LearnedOutput, count: Int, using random: inout SeededRandom
  ) throws(TrainingError) -> Targets {
    let kind = output.loss.map { type(of: $0).target } ?? .oneClass
    let targets = Targets.random(kind, count: count, classes: output.labels?.count ?? 1, using: &random)
    guard let targets else {
      throw .invalidSetting(
        name: "the loss", expected: "one of classes, labels or numbers",
        got: "'\(output.loss.map { type(of: $0).kind } ?? "none")', of \(kind)")
    }
    return targets
  }

  private func makeBatches() throws(TrainingError) -> [Tensors] {
    var random = SeededRandom(seed: 1998)
    return try (0..<Self.batchCount).map { _ throws(TrainingError) in
      try model.inputs.mapped { input throws(TrainingError) in
        var batch: Tensor
        do throws(OutOfMemory) {
          batch = try Tensor(checkedUninitialized: input.shape.batched(batchSize))
        } catch {
          throw .model(.memory(batchSize: Self.batchCount * batchSize, bytes: Self.batchCount * error.bytes))
        }
        batch.withUnsafeMutableFloats { floats in
          for index in floats.indices { floats[index] = random.uniform() }
        }
        return batch
      }
    }
  }

  private func measure(_ batch: (Int) throws(TrainingError) -> Void) throws(TrainingError) {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var done = 0
    while done < Self.fewestBatches || clock.now < end {
      try batch(done)
      done += 1
    }
  }
}
