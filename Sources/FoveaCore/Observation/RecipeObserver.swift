/// An observer that a recipe may name, with its settings: what watches each training that is run by the recipe.
///
/// One that remembers nothing between two events is a ``TrainingObserver`` itself. Another says in ``begin()`` what it
/// remembers.
public protocol RecipeObserver: ConfigurableKind {
  /// What watches one training; called before its first event.
  ///
  /// - Throws: where something is in the way, such as a file that cannot be written. Nothing is trained then.
  func begin() throws -> any TrainingObserver
}

extension RecipeObserver where Self: TrainingObserver {
  public func begin() -> any TrainingObserver { self }
}

extension Sort where Member == any RecipeObserver.Type {
  public static var observers: Sort { Sort("observers", noun: "observer", place: .recipe("observers")) { $0 } }
}

extension Registry {
  public var observers: KindRegistry<any RecipeObserver.Type> { self[.observers] }

  public mutating func register<O: RecipeObserver>(
    _ type: O.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .observers, from: origin)
  }

  public func makeObserver(_ description: KindDescription) throws(KindError) -> any RecipeObserver {
    try make(description, of: .observers) { settings, type throws(KindError) in try settings.read(type) }
  }
}

extension RecipeObserver {
  public static var noun: String { Sort.observers.noun }

  /// An observer watches a training from its first event to its last without an error; it may end it.
  public func checkContract(_ report: inout ContractReport) {
    report.check("a training is watched") {
      let observer = try begin()
      var training = SampleTraining()
      while let event = training.next() {
        if case .stop(let reason) = try observer.observe(event, of: training) { training.stop(reason) }
      }
      return "\(training.history.count) passes" + (training.reason.map { ", then it was ended: \($0)" } ?? "")
    }
  }
}

/// A training in which nothing is trained, to be observed: three passes of two steps.
private struct SampleTraining: ObservedTraining {
  private(set) var history: [EpochMetrics] = []
  private(set) var steps = 0
  private(set) var reason: String?
  private var events: [TrainingEvent] = [.begun]
  private var isFinished = false
  private var loss: Double { 1 / Double(1 + steps) }

  var progress: TrainingProgress {
    TrainingProgress(
      epoch: history.count + 1, epochs: 3, images: steps % 2 * 8, total: 16, loss: loss, seconds: Double(steps))
  }
  var learningRate: Float { 0.01 }
  var best: EpochMetrics? { history.last }
  var scores: [Double] { history.map(\.loss) }
  var weights: [(name: String, tensor: Tensor)] { [("f1.kernel", Tensor(repeating: Float(steps), [2, 3]))] }

  func figures(_ values: [String: Double]?) -> [MetricFigure] {
    (values ?? [:]).sorted { $0.key < $1.key }.map { MetricFigure($0.key, $0.value) }
  }

  func writeState(to path: String) throws {
    let file = try AtomicFile(path)
    try file.write(Array("steps: \(steps)".utf8))
    try file.commit()
  }

  mutating func stop(_ reason: String) { self.reason = self.reason ?? reason }

  mutating func next() -> TrainingEvent? {
    if !events.isEmpty { return take() }
    guard !isFinished else { return nil }
    guard reason == nil, history.count < 3 else {
      isFinished = true
      return .finished(reason.map { .stopped(reason: $0) } ?? .completed)
    }
    let pass = EpochMetrics(
      epoch: history.count + 1, loss: loss, learningRate: 0.01, trainingAccuracy: 0.5, validationLoss: loss,
      validationAccuracy: 0.75, validationFigures: ["macroF1": 0.5], seconds: 1, imagesPerSecond: 16)
    let evaluation = Evaluation.others(kind: .numbers, count: 4, loss: loss)
    let step = TrainingEvent.stepped(loss: Float(loss), examples: 8)
    events = [.passBegun, step, step, .evaluated(.validation, evaluation), .passEnded(pass)]
    return take()
  }

  private mutating func take() -> TrainingEvent {
    let event = events.removeFirst()
    switch event {
    case .stepped: steps += 1
    case .passEnded(let pass): history.append(pass)
    default: break
    }
    return event
  }
}
