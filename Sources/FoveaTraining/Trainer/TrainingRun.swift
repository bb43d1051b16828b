import Foundation
public import FoveaCore
public import FoveaData
public import FoveaImage
public import FoveaModel

/// A whole training: passes over the data by a ``Recipe``, with an evaluation after each.
public struct TrainingRun {
  /// What is trained, and on what.
  public struct Subject: Sendable {
    public var model: Model
    public var loss: any Loss
    public var preprocessing: [any PreprocessingStep]
    public var postprocessing: [any PostprocessingStep]
    public var training: Dataset
    public var validation: Dataset?

    public init(
      model: Model, loss: any Loss, preprocessing: [any PreprocessingStep], postprocessing: [any PostprocessingStep],
      training: Dataset, validation: Dataset? = nil
    ) {
      self.model = model
      self.loss = loss
      self.preprocessing = preprocessing
      self.postprocessing = postprocessing
      self.training = training
      self.validation = validation
    }
  }

  /// Into how many parts each batch is cut; the same number gives the same weights.
  public var parts: Int { trainer.parts(of: recipe.batchSize) }

  /// How far a pass is.
  public struct Progress: Sendable {
    public let epoch: Int
    public let epochs: Int
    /// Images of this pass that are done.
    public let images: Int
    /// Images in a pass.
    public let total: Int
    /// The mean over this pass so far.
    public let loss: Double
    /// Seconds since the pass began.
    public let seconds: Double
  }

  var subject: Subject
  private let recipe: Recipe
  var loader: BatchLoader
  // It keeps what it prepares from one evaluation to the next.
  var validationLoader: BatchLoader?
  private let seed: UInt64
  private(set) var trainer: Trainer
  /// What was wrong with images that were left out while the training ran, each once.
  public internal(set) var failures: [DataError] = []

  /// Batches are read in at least this many examples, which on-line training then takes one by one.
  private static let fewestLoaded = 128

  /// - Parameters:
  ///   - threads: cores that share each step.
  ///   - seed: what the order of the examples, distortions and dropout are drawn from.
  ///   - failurePolicy: what becomes of a picture that cannot be read, while the training runs.
  ///   - limits: how large pictures may be.
  /// - Throws: ``TrainingError`` where recipe, model, loss and data do not go together.
  public init(
    _ subject: Subject, recipe: Recipe, threads: Int, seed: UInt64, parallelism: Parallelism = .automatic,
    failurePolicy: BatchLoader.FailurePolicy = .stop, limits: DecodingLimits = DecodingLimits()
  ) throws(TrainingError) {
    try recipe.validate()
    try subject.checkDecisions()
    self.subject = subject
    self.recipe = recipe
    self.seed = seed
    trainer = try Trainer(
      subject.model, loss: subject.loss, optimizer: recipe.makeOptimizer(), classes: subject.training.labels.count,
      threads: threads, seed: seed, parallelism: parallelism)
    var settings = BatchLoader.Settings(
      batchSize: max(1, Self.fewestLoaded / recipe.batchSize) * recipe.batchSize, shuffles: true, seed: seed)
    settings.failurePolicy = failurePolicy
    settings.limits = limits
    if let augmentation = recipe.augmentation?.value {
      settings.augmentation = { image, random in try augmentation.apply(image, using: &random) }
    }
    do {
      loader = try BatchLoader(subject.training, preprocessing: subject.preprocessing, settings: settings)
      validationLoader = try subject.validation.map { dataset throws(DataError) in
        try Self.judgingLoader(dataset, subject, settings)
      }
    } catch { throw .data(error.description) }
    guard loader.inputShape == subject.model.inputShape else {
      throw .model(.input(expected: subject.model.inputShape, got: loader.inputShape.batched(1)))
    }
  }

  /// The model as trained so far.
  public var model: Model { trainer.model }

  /// Goes through all passes.
  ///
  /// - Parameters:
  ///   - cancellation: asked before each step and each batch of an evaluation.
  ///   - onProgress: called after each batch.
  ///   - onEpoch: called after each pass, with its figures.
  /// - Returns: the figures of all passes.
  /// - Throws: ``TrainingError/notFinite(step:_:)`` where a number is none, ``TrainingError/cancelled``, and what data and
  ///   layers throw.
  public mutating func run(
    cancellation: Cancellation? = nil,
    onProgress: (Progress) -> Void = { _ in }, onEpoch: (EpochMetrics) -> Void = { _ in }
  ) throws(TrainingError) -> [EpochMetrics] {
    var history: [EpochMetrics] = []
    for epoch in 1...recipe.epochs {
      let metrics = try runEpoch(epoch, cancellation, onProgress)
      history.append(metrics)
      onEpoch(metrics)
    }
    return history
  }

  /// How well the model does on `dataset` now.
  public func evaluate(
    _ dataset: Dataset, cancellation: Cancellation? = nil
  ) throws(TrainingError) -> Evaluation {
    try trainer.model.evaluate(
      dataset, preprocessing: subject.preprocessing, postprocessing: subject.postprocessing, loss: subject.loss,
      labels: subject.training.labels, pool: trainer.pool, cancellation: cancellation)
  }

  /// The same in the precision that the model is trained in, and in float32.
  public func comparePrecision(_ dataset: Dataset) throws(TrainingError) -> PrecisionComparison {
    try trainer.model.comparePrecision(
      dataset, preprocessing: subject.preprocessing, postprocessing: subject.postprocessing, loss: subject.loss,
      labels: subject.training.labels, pool: trainer.pool)
  }

  private mutating func runEpoch(
    _ epoch: Int, _ cancellation: Cancellation?, _ onProgress: (Progress) -> Void
  ) throws(TrainingError) -> EpochMetrics {
    if let rate = recipe.learningRate(epoch: epoch) { trainer.learningRate = rate }
    let clock = ContinuousClock()
    let start = clock.now
    if let patterns = trainer.curvaturePatterns { try estimateCurvatures(patterns, epoch) }
    var lossSum = 0.0
    var images = 0
    let stream = loader.batches(epoch: epoch)
    while let batch = try Self.next(stream) {
      for first in stride(from: 0, to: batch.count, by: recipe.batchSize) {
        try TrainingError.check(cancellation)
        let range = first..<min(first + recipe.batchSize, batch.count)
        let inputs = range.count == batch.count ? batch.inputs : batch.inputs.rows(range)
        let loss = try trainer.step(inputs, targets: batch.targets[range])
        lossSum += Double(loss) * Double(range.count)
      }
      images += batch.count
      onProgress(
        Progress(
          epoch: epoch, epochs: recipe.epochs, images: images, total: subject.training.count,
          loss: lossSum / Double(images), seconds: (clock.now - start) / .seconds(1)))
    }
    note(stream.failures)
    guard images > 0 else { throw .data("none of the images of \(subject.training.name) can be used any more") }
    let seconds = (clock.now - start) / .seconds(1)
    let training = recipe.evaluatesTrainingData ? try judge(by: trainingJudge(), cancellation) : nil
    let validation = try validationLoader.map { loader throws(TrainingError) in
      try judge(by: loader, cancellation)
    }
    return EpochMetrics(
      epoch: epoch, loss: lossSum / Double(max(1, images)), learningRate: Double("\(trainer.learningRate)") ?? 0,
      trainingAccuracy: training?.accuracy, validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy, seconds: seconds, imagesPerSecond: Double(images) / max(seconds, 1e-9))
  }

  /// For evaluations: as in training, but in order and without distortions.
  private static func judgingLoader(
    _ dataset: Dataset, _ subject: Subject, _ training: BatchLoader.Settings
  ) throws(DataError) -> BatchLoader {
    var settings = training
    (settings.batchSize, settings.shuffles, settings.augmentation) = (256, false, nil)
    return try BatchLoader(
      dataset.relabeled(subject.training.labels), preprocessing: subject.preprocessing, settings: settings)
  }

  /// Of the training images.
  private func trainingJudge() throws(TrainingError) -> BatchLoader {
    do { return try Self.judgingLoader(training, subject, loader.settings) } catch {
      throw .data(error.description)
    }
  }

  private mutating func judge(
    by loader: BatchLoader, _ cancellation: Cancellation?
  ) throws(TrainingError) -> Evaluation {
    var failures: [DataError] = []
    let evaluation = try trainer.model.evaluate(
      loader, postprocessing: subject.postprocessing, loss: subject.loss, labels: subject.training.labels,
      pool: trainer.pool, cancellation: cancellation, onFailure: { failures.append($0) })
    note(failures)
    return evaluation
  }

  private mutating func note(_ others: [DataError]) {
    for failure in others where !failures.contains(failure) { failures.append(failure) }
  }

  private mutating func estimateCurvatures(_ patterns: Int, _ epoch: Int) throws(TrainingError) {
    // Not the first of the pass, whose own updates would follow at once, but the last.
    let order = loader.order(epoch: epoch)
    let batch: Batch
    do { batch = try loader.load(Array(order.suffix(patterns)), epoch: epoch) } catch {
      throw .data(error.description)
    }
    try trainer.estimateCurvatures(batch.inputs, targets: batch.targets)
  }

  private static func next(_ stream: BatchStream) throws(TrainingError) -> Batch? {
    do { return try stream.next() } catch { throw .data(error.description) }
  }
}
