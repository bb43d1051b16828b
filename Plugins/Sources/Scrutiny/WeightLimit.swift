import FoveaCore

/// Ends a training whose weights grow without bound, before they are no numbers any more.
public struct WeightLimit: RecipeObserver, TrainingObserver, Configurable {
  public static let kind = "weightLimit"
  public static let summary = "ends a training when a weight is larger than a limit"
  public static let explanations = ["limit": "of the size of each weight, above 0; looked at after each pass"]

  public var limit: Float = 1000

  public init() {}

  public func checkSettings() throws {
    guard limit > 0 else {
      throw ConfigurationError.invalidValue(
        owner: "observer '\(Self.kind)'", key: "limit", expected: "above 0", got: "\(limit)")
    }
  }

  public func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    guard case .passEnded = event else { return .goOn }
    for (name, tensor) in run.weights {
      let largest = tensor.elements.reduce(0) { max($0, abs($1)) }
      if largest > limit { return .stop(reason: "a weight of '\(name)' is \(largest), and the limit is \(limit)") }
    }
    return .goOn
  }
}
