/// What has just happened in a training.
public enum TrainingEvent: Sendable {
  /// The first of all. A run that goes on from a saved state has passes and steps behind it already.
  case begun
  /// The learning rate of the pass holds, and second derivatives are estimated.
  case passBegun
  /// A step was taken: its mean loss before it, over so many examples.
  case stepped(loss: Float, examples: Int)
  /// An example that cannot be used was found on the way, and was left out. Each is told once.
  indirect case leftOut(any FoveaError)
  /// The model was judged after a pass, by the images that it learns from or by those that are kept apart.
  indirect case evaluated(DatasetPart, Evaluation)
  /// All of the pass is done, and its figures are in ``ObservedTraining/history``.
  indirect case passEnded(EpochMetrics)
  /// The last of all.
  case finished(TrainingEnd)
}

/// Why a training ended.
public enum TrainingEnd: Sendable, Equatable {
  /// All passes are done.
  case completed
  /// Somebody wanted no more.
  case stopped(reason: String)
}
