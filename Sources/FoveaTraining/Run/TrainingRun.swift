public import FoveaCore
public import FoveaData
public import FoveaImage
public import FoveaModel

/// A whole training as a value with a state: passes over the data by a ``Recipe``, with an evaluation after each.
///
/// ``next(cancellation:)`` does the next piece of work and says what it was; ``run(observers:cancellation:)`` does all of them.
///
/// ```swift
/// var run = try TrainingRun(description, registry: registry, training: data)
/// try run.checkImages()
/// while let event = try run.next() { … }
/// try ModelFile.save(run.saved, registry: registry, to: "model.safetensors")
/// ```
public struct TrainingRun {
  /// How a training is run: what is neither network nor data nor recipe.
  public struct Settings: Sendable {
    /// What first weights, the order of the examples, distortions and dropout are drawn from.
    public var seed: UInt64 = 0
    /// Cores that share each step; all of them where nil.
    public var threads: Int?
    public var parallelism = Parallelism.automatic
    /// What convolutions and dense layers multiply.
    public var precision = Precision.float32
    /// What becomes of pictures that cannot be used.
    public var failurePolicy = BatchLoader.FailurePolicy.stop
    /// How large pictures may be.
    public var limits = DecodingLimits()
    /// Bytes for prepared pictures that are kept from one pass to the next.
    public var cacheLimit = BatchLoader.Settings().cacheLimit
    /// The folder where they are kept, for later runs too; in memory where nil.
    public var cacheFolder: String?
    /// What to call the data in messages and in the training record; the training part's name where nil.
    public var dataName: String?

    public init(seed: UInt64 = 0, threads: Int? = nil) {
      self.seed = seed
      self.threads = threads
    }
  }

  var subject: Subject
  public let recipe: Recipe
  private let schedule: (any Schedule)?
  /// The optimizer's own, from which a schedule may start.
  private let firstLearningRate: Float
  /// What is known of the training before its first step.
  let firstRecord: TrainingRecord
  public let settings: Settings
  var trainer: Trainer
  var loader: BatchLoader
  let original: OriginalData
  // It keeps what it prepares from one evaluation to the next.
  var validationLoader: BatchLoader?
  /// What was left out before the first step, call by call of ``leaveOut(_:)``.
  var leftOut: [LeftOut] = []
  var place = Place()
  var watch = Watch()
  var feed = Feed()
  /// The figures of all passes that have ended.
  public internal(set) var history: [EpochMetrics] = []
  /// What was wrong with images that were left out while the training ran, each once.
  public internal(set) var failures: [String] = []
  /// What has happened and was not told yet.
  private var pending: [TrainingEvent] = []
  private var hasBegun = false
  private var stopReason: String?
  /// Why the run ended; nil while it has not.
  public private(set) var end: TrainingEnd?

  /// Batches are read in at least this many examples, which on-line training then takes one by one.
  private static let fewestLoaded = 128

  /// - Parameters:
  ///   - description: the network; it names a loss. Where it names no postprocessing that makes confidences, the loss's own
  ///     is put in, see ``impliedPostprocessing``, and its labels become the data's.
  ///   - registry: has all kinds that the description and the recipe name.
  ///   - validation: what each pass is judged by.
  ///   - weights: of the same network, to begin with; fresh ones where nil.
  /// - Throws: ``TrainingError`` where recipe, network and data do not go together.
  public init(
    _ description: ModelDescription, registry: Registry, training: Dataset, validation: Dataset? = nil,
    recipe: Recipe = Recipe(), settings: Settings = Settings(), startingFrom weights: Model? = nil
  ) throws(TrainingError) {
    try recipe.validate()
    subject = try Subject(description, registry, training, validation, settings, weights)
    var record = TrainingRecord()
    try record.note(recipe, from: registry)
    firstRecord = record
    self.recipe = recipe
    self.settings = settings
    trainer = try subject.makeTrainer(recipe, settings)
    schedule = try recipe.makeSchedule(registry)
    firstLearningRate = trainer.learningRate
    var reading = BatchLoader.Settings(
      batchSize: max(1, Self.fewestLoaded / recipe.batchSize) * recipe.batchSize, shuffles: true, seed: settings.seed)
    reading.failurePolicy = settings.failurePolicy
    reading.limits = settings.limits
    (reading.cacheLimit, reading.cacheFolder) = (settings.cacheLimit, settings.cacheFolder)
    reading.augmentation = try recipe.makeAugmentation(registry)
    do {
      loader = try BatchLoader(subject.training, preprocessing: subject.preprocessing, settings: reading)
      validationLoader = try subject.validation.map { [subject] dataset throws(DataError) in
        try subject.judgingLoader(dataset, reading)
      }
    } catch { throw .data(error.description) }
    original = OriginalData(loader, validationLoader)
    for (input, shape) in zip(subject.model.inputs, loader.inputShapes) where input.shape != shape {
      throw .data(subject.preprocessing.mismatch(expected: input.shape, got: shape.description).description)
    }
  }

  /// The model as trained so far.
  public var model: Model { trainer.model }

  /// Into how many parts each batch is cut; the same number gives the same weights.
  public var parts: Int { trainer.parts(of: recipe.batchSize) }

  /// Goes through all passes that are not done yet.
  ///
  /// - Parameters:
  ///   - observers: see every event, one after the other.
  ///   - cancellation: asked before each step and each batch of an evaluation.
  /// - Returns: the figures of all passes.
  /// - Throws: what ``next(cancellation:)`` throws, and what observers throw.
  @discardableResult
  public mutating func run(
    observers: [any TrainingObserver] = [], cancellation: Cancellation? = nil
  ) throws -> [EpochMetrics] {
    while let event = try next(cancellation: cancellation) {
      for observer in observers {
        if case .stop(let reason) = try observer.observe(event, of: self) { stop(reason) }
      }
    }
    return history
  }

  /// Ends the run in good order: the next event is ``TrainingEvent/finished(_:)``.
  public mutating func stop(_ reason: String) {
    if stopReason == nil { stopReason = reason }
  }

  /// Does the next piece of work: a step, an evaluation, the beginning or the end of a pass.
  ///
  /// - Returns: what has happened; nil where the run has ended.
  /// - Throws: ``TrainingError/notFinite(step:_:)`` where a number is none, ``TrainingError/cancelled``, and what data and
  ///   layers throw.
  public mutating func next(cancellation: Cancellation? = nil) throws(TrainingError) -> TrainingEvent? {
    guard pending.isEmpty else { return pending.removeFirst() }
    guard end == nil else { return nil }
    guard hasBegun else {
      hasBegun = true
      return .begun
    }
    if let stopReason { return finish(.stopped(reason: stopReason)) }
    try TrainingError.check(cancellation)
    switch place.stage {
    case .beginning:
      try beginPass()
      return .passBegun
    case .training:
      if let event = try step() { return event }
      try endSteps()
      return try next(cancellation: cancellation)
    case .judgingTraining:
      return try evaluate(.training, trainingJudge(), cancellation)
    case .judgingValidation:
      guard let validationLoader else { return endPass() }
      return try evaluate(.validation, validationLoader, cancellation)
    case .ending: return endPass()
    case .done: return finish(.completed)
    }
  }

  /// Goes on where another run was.
  mutating func begin(at place: Place, history: [EpochMetrics], failures: [String]) {
    (self.place, self.history, self.failures) = (place, history, failures)
    (pending, hasBegun, stopReason, end) = ([], false, nil, nil)
    feed = Feed()
    // It is among the figures of the pass, too, whose last step may be done.
    adoptLearningRate()
    if place.stage == .training { watch.begin() } else { watch.stop() }
  }

  private mutating func finish(_ end: TrainingEnd) -> TrainingEvent {
    self.end = end
    feed = Feed()
    return .finished(end)
  }

  private mutating func beginPass() throws(TrainingError) {
    adoptLearningRate()
    watch.begin()
    if let patterns = trainer.curvaturePatterns { try estimateCurvatures(patterns) }
    place = Place(pass: place.pass, stage: .training)
  }

  /// The one of the current pass.
  mutating func adoptLearningRate() {
    guard let schedule else { return }
    trainer.learningRate = schedule.learningRate(pass: place.pass, of: recipe.epochs, from: firstLearningRate)
  }

  /// - Returns: nil where the pass has no more examples.
  private mutating func step() throws(TrainingError) -> TrainingEvent? {
    guard let batch = try currentBatch() else { return nil }
    guard pending.isEmpty else { return pending.removeFirst() }
    let range = place.first..<min(place.first + recipe.batchSize, batch.count)
    let inputs = range.count == batch.count ? batch.allInputs : batch.allInputs.rows(range)
    let loss = try trainer.step(inputs, targets: batch.allTargets.mapped { $0[range] })
    place.lossSum += Double(loss) * Double(range.count)
    place.images += range.count
    place.first = range.upperBound
    if place.first == batch.count {
      feed.batch = nil
      (place.batch, place.first) = (place.batch + 1, 0)
    }
    return .stepped(loss: loss, examples: range.count)
  }

  /// What the next step takes its examples from; what cannot be used in it becomes an event.
  private mutating func currentBatch() throws(TrainingError) -> Batch? {
    if let batch = feed.batch { return batch }
    let stream = feed.stream(of: loader, epoch: place.pass, from: place.batch)
    do throws(DataError) {
      while let batch = try stream.next() {
        if stream.position - 1 > place.batch { (place.batch, place.first) = (stream.position - 1, 0) }
        note(stream.takeFailures())
        // Fewer may be left of it than when it was begun, before the run was cut.
        if place.first < batch.count {
          feed.batch = batch
          return batch
        }
        (place.batch, place.first) = (stream.position, 0)
      }
    } catch { throw .data(error.description) }
    note(stream.takeFailures())
    return nil
  }

  private mutating func endSteps() throws(TrainingError) {
    guard place.images > 0 else { throw .data("none of the images of \(training.name) can be used any more") }
    place.seconds += watch.seconds
    watch.stop()
    feed = Feed()
    place.stage =
      recipe.evaluatesTrainingData ? .judgingTraining : validationLoader == nil ? .ending : .judgingValidation
  }

  private mutating func evaluate(
    _ part: DatasetPart, _ loader: BatchLoader, _ cancellation: Cancellation?
  ) throws(TrainingError) -> TrainingEvent {
    var failures: [DataError] = []
    let evaluation = try trainer.model.evaluate(
      loader, outputs: subject.outputs, pool: trainer.pool, cancellation: cancellation,
      onFailure: { failures.append($0) })
    note(failures)
    if part == .training {
      (place.trainingAccuracy, place.trainingFigures) = (evaluation.accuracy, evaluation.otherFigures)
      place.stage = validationLoader == nil ? .ending : .judgingValidation
    } else {
      (place.validationLoss, place.validationAccuracy) = (evaluation.loss, evaluation.accuracy)
      place.validationFigures = evaluation.otherFigures
      place.stage = .ending
    }
    pending.append(.evaluated(part, evaluation))
    return pending.removeFirst()
  }

  private mutating func endPass() -> TrainingEvent {
    let metrics = EpochMetrics(
      epoch: place.pass, loss: place.meanLoss, learningRate: Double("\(trainer.learningRate)") ?? 0,
      trainingAccuracy: place.trainingAccuracy, trainingFigures: place.trainingFigures,
      validationLoss: place.validationLoss, validationAccuracy: place.validationAccuracy,
      validationFigures: place.validationFigures, seconds: place.seconds,
      imagesPerSecond: Double(place.images) / max(place.seconds, 1e-9))
    history.append(metrics)
    place = place.pass < recipe.epochs ? Place(pass: place.pass + 1) : Place(pass: place.pass, stage: .done)
    return .passEnded(metrics)
  }

  private mutating func note(_ errors: some Sequence<DataError>) {
    for error in errors where !failures.contains(error.description) {
      failures.append(error.description)
      pending.append(.leftOut(error))
    }
  }

  private mutating func estimateCurvatures(_ patterns: Int) throws(TrainingError) {
    // Not the first of the pass, whose own updates would follow at once, but the last.
    let order = loader.order(epoch: place.pass)
    let batch: Batch
    do { batch = try loader.load(Array(order.suffix(patterns)), epoch: place.pass) } catch {
      throw .data(error.description)
    }
    try trainer.estimateCurvatures(batch.inputs, targets: batch.targets)
  }
}
