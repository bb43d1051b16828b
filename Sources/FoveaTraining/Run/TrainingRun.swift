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
  let schedule: ScheduleChain?
  var changesRateWithinPass: Bool
  /// The optimizer's own, from which a schedule may start.
  let firstLearningRate: Float
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
  /// How good each of them was, by the figure that the recipe watches; the lower the better.
  public internal(set) var scores: [Double] = []
  /// The weights of the best of them, where they are wanted in the end.
  var bestParameters: [[Tensor]]?
  /// What was wrong with images that were left out while the training ran, each once.
  public internal(set) var failures: [String] = []
  /// What has happened and was not told yet.
  var pending: [TrainingEvent] = []
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
    var description = description
    if let loss = recipe.loss { description.loss = loss }
    let judges = validation.map { validation in
      recipe.validationSteps.map { validation.sample($0 * recipe.batchSize, seed: settings.seed) } ?? validation
    }
    let start: Model
    do throws(ModelError) {
      let fresh = if let weights { weights } else { try Model(description, registry: registry, seed: settings.seed) }
      // What bytes stood for would be wrong for the weights that training makes.
      start = try fresh.inFloats().inPrecision(settings.precision)
    } catch { throw .model(error) }
    subject = try Subject(description, registry, training, judges, start, recipe.metrics)
    subject.trunk = try recipe.freeze.map { [subject] name throws(TrainingError) in
      try FrozenTrunk(
        until: name, subject.description, start, registry,
        keeps: recipe.augmentation == nil && recipe.batchAugmentation == nil)
    }
    var record = TrainingRecord()
    try record.note(recipe, from: registry)
    firstRecord = record
    self.recipe = recipe
    self.settings = settings
    trainer = try subject.makeTrainer(recipe, settings, of: subject.trunk?.rest ?? start)
    // What gets no memory must not first do so after an hour. A frozen network keeps the weights that the rest begins with.
    let copies = (subject.trunk == nil ? 0 : 1) + (recipe.restoresBest && recipe.epochs > 1 ? 1 : 0)
    try trainer.checkMemory(
      batchSize: min(recipe.batchSize, training.count), batches: recipe.accumulation, copies: copies)
    schedule = try recipe.makeSchedule(registry)
    changesRateWithinPass = schedule?.changesWithinPass == true
    firstLearningRate = trainer.learningRate
    var reading = BatchLoader.Settings(
      batchSize: max(1, Self.fewestLoaded / recipe.batchSize) * recipe.batchSize, shuffles: true, seed: settings.seed)
    reading.sampling = recipe.sampling
    (reading.cacheLimit, reading.cacheFolder) = (settings.cacheLimit, settings.cacheFolder)
    reading.failurePolicy = settings.failurePolicy
    reading.limits = settings.limits
    reading.augment(by: try recipe.makeAugmentation(registry))
    reading.batchAugmentations = try recipe.makeBatchAugmentations(registry, for: subject.outputs.compactMap(\.loss))
    do {
      let loader = try BatchLoader(subject.training, preprocessing: subject.preprocessing, settings: reading)
      self.loader = loader
      validationLoader = try subject.validation.map { [subject] dataset throws(DataError) in
        try subject.judgingLoader(dataset, like: loader)
      }
    } catch { throw .data(error.description) }
    original = OriginalData(loader, validationLoader)
    for (input, shape) in zip(start.inputs, loader.inputShapes) where input.shape != shape {
      throw .data(subject.preprocessing.mismatch(expected: input.shape, got: shape.description).description)
    }
    try checkWatch()
  }

  /// The model as trained so far, by which passes are judged: with the running means of the weights, where the recipe has
  /// them averaged; and when the run has ended, with those of the best pass, where it has these restored.
  public var model: Model {
    subject.whole(end == nil ? trainer.judged : bestParameters.map(trainer.model.with) ?? trainer.judged)
  }

  /// Into how many parts each batch is cut; the same number gives the same weights.
  public var parts: Int { trainer.parts(of: recipe.batchSize) }

  /// Goes through all passes that are not done yet.
  ///
  /// - Parameters:
  ///   - observers: see every event, one after the other; those of the recipe come after them.
  ///   - cancellation: asked before each step and each batch of an evaluation.
  /// - Returns: the figures of all passes.
  /// - Throws: what ``next(cancellation:)`` throws, and what observers throw.
  @discardableResult
  public mutating func run(
    observers: [any TrainingObserver] = [], cancellation: Cancellation? = nil
  ) throws -> [EpochMetrics] {
    let observers = try observers + recipe.makeObservers(subject.registry).map { try $0.begin() }
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
      if let reason = recipe.earlyStopping?.value.reasonToStop(scores) { return finish(.stopped(reason: reason)) }
      try beginPass()
      return .passBegun
    case .training:
      if let event = try step() { return event }
      try endSteps()
      return try next(cancellation: cancellation)
    case .judgingTraining:
      return try evaluate(.training, trainingJudge(), cancellation)
    case .judgingValidation:
      guard let validationLoader else { return try endPass() }
      return try evaluate(.validation, validationLoader, cancellation)
    case .ending: return try endPass()
    case .done: return finish(.completed)
    }
  }

  /// Goes on where another run was.
  mutating func begin(at place: Place, history: [EpochMetrics], failures: [String], bestParameters: [[Tensor]]?) {
    (self.place, self.history, self.failures, self.bestParameters) = (place, history, failures, bestParameters)
    scores = history.map { score(of: $0) ?? .infinity }
    (pending, hasBegun, stopReason, end) = ([], false, nil, nil)
    feed = Feed()
    // It is among the figures of the pass, too, whose last step may be done.
    adoptLearningRate(step: max(0, place.step - 1))
    if place.stage == .training { watch.begin() } else { watch.stop() }
  }

  private mutating func finish(_ end: TrainingEnd) -> TrainingEvent {
    self.end = end
    feed = Feed()
    return .finished(end)
  }
}
