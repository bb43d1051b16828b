public import FoveaCore
import FoveaModel

/// Writes the state of a training now and then, so that it can be resumed when it is cut: after each pass, and within a pass when
/// so much time has gone by.
///
/// ```swift
/// try run.restore(TrainingState(contentsOf: "run.state"))
/// try run.run(observers: [Checkpoints(to: "run.state")])
/// ```
///
/// In a ``RunFolder``, the model of the best pass and the figures of all passes are written with it, and passes that take less
/// time than writing do not wait for it: that takes a twentieth of the time at most.
public final class Checkpoints: TrainingObserver {
  private let path: String
  private let run: (folder: RunFolder, start: RunFolder.Start, goesOn: Bool)?
  private let interval: Duration
  private let kept: Int?
  private var last = ContinuousClock.now
  /// What the last writing took.
  private var cost = Duration.zero
  /// The model of the best pass, where that is not written yet.
  private var best: SavedModel?
  /// Whether anything was written.
  public private(set) var hasWritten = false

  /// - Parameter interval: within a pass; zero for after each step.
  public init(to path: String, interval: Duration = .seconds(60)) {
    self.path = path
    self.interval = interval
    (run, kept) = (nil, nil)
  }

  /// - Parameters:
  ///   - folder: made with the first state that is written.
  ///   - start: what started the training.
  ///   - goesOn: whether what lies in the folder is this training's; an older one's is removed with the first state.
  ///   - kept: the state after each so many passes is kept in a file of its own.
  public init(
    in folder: RunFolder, start: RunFolder.Start, goesOn: Bool = false, interval: Duration = .seconds(60),
    keepingEvery kept: Int? = nil
  ) {
    path = folder.lastState
    run = (folder, start, goesOn)
    self.interval = interval
    self.kept = kept
  }

  /// - Throws: ``TrainingStateError`` where the file cannot be written, and ``ModelFileError`` where the best model cannot.
  public func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
    let elapsed = ContinuousClock.now - last
    if case .stepped = event, elapsed < interval { return .goOn }
    // What is watched as a training may be another's, which has a state and no more.
    guard let run = run.trainingRun else {
      switch event {
      case .passEnded, .finished: try run.writeState(to: path)
      default: break
      }
      return .goOn
    }
    switch event {
    case .passEnded(let pass):
      guard let folder = self.run?.folder else {
        try write(run)
        break
      }
      if run.best == pass { best = run.saved }
      let isKept = kept.map { pass.epoch.isMultiple(of: $0) } ?? false
      guard isKept || interval == .zero || elapsed >= min(interval, cost * 20) else { break }
      try write(run, keptAs: isKept ? folder.state(afterPass: pass.epoch) : nil)
    case .finished: try write(run)
    case .stepped, .evaluated: if elapsed >= interval { try write(run) }
    case .begun, .passBegun, .leftOut: break
    }
    return .goOn
  }

  /// Writes the state now, and in a folder what belongs to it.
  public func write(_ run: borrowing TrainingRun) throws { try write(run, keptAs: nil) }

  /// - Parameter kept: another file for the state. It comes first: a run that is killed in between makes it again.
  private func write(_ run: borrowing TrainingRun, keptAs kept: String?) throws {
    let begin = ContinuousClock.now
    if let (folder, start, goesOn) = self.run {
      if !hasWritten { try folder.begin(start, run, removesOlder: !goesOn) }
      if let best { try ModelFile.save(best, registry: run.registry, to: folder.bestModel) }
      best = nil
      try folder.writeMetrics(run.history)
    }
    let state = try run.state
    if let kept { try state.write(to: kept) }
    try state.write(to: path)
    hasWritten = true
    last = .now
    cost = last - begin
  }
}
