public import FoveaCore

/// Writes the learning rate and the loss of each pass to a CSV file, which is whole after each.
///
/// It is written from the run's history, so that a run that is resumed has the passes before in it.
public struct LearningRateLog: RecipeObserver, TrainingObserver {
  public static let kind = "learningRateLog"
  public static let summary = "writes the learning rate and the loss of each pass to a CSV file"
  public static let requiredKeys: Set = ["file"]
  public static let explanations = ["file": "the file, which is replaced after each pass"]

  public var file: String

  public static var prototype: Self { Self(file: "") }

  public init(file: String) {
    self.file = file
  }

  /// - Throws: ``FileError`` where the file cannot be written: better now than after the first pass.
  public func begin() throws -> any TrainingObserver {
    _ = try AtomicFile(file)
    return self
  }

  public func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
    guard case .passEnded = event else { return .goOn }
    let lines = run.history.map { "\($0.epoch),\($0.learningRate),\($0.loss)\n" }
    let output = try AtomicFile(file)
    try output.write(Array(("pass,learningRate,loss\n" + lines.joined()).utf8))
    try output.commit()
    return .goOn
  }
}
