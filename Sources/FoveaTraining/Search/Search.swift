import Foundation
public import FoveaCore
import FoveaModel

/// Trials of a recipe with other settings, of which the best are trained to the end. It is kept in a folder, from which it goes on
/// when it is cut.
public struct Search {
  /// Which trials are trained for how long.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// All to the end.
    case random
    /// All for a part of the passes, the better third of them for three times as many, and so on.
    ///
    /// Source: K. Jamieson, A. Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", 2016.
    case halving
  }

  /// One set of settings, and how far it has come.
  public struct Trial: Codable, Sendable, Equatable {
    public let number: Int
    public let settings: [String: ConfigurationValue]
    /// Passes that are done.
    public internal(set) var passes = 0
    /// Of its best pass, by the figure that the recipe watches; the lower the better.
    public internal(set) var score: Double?
    /// Of the same pass.
    public internal(set) var best: EpochMetrics?
    /// Why it was given up.
    public internal(set) var failure: String?
  }

  private static let share = 3

  private let plan: SearchPlan
  private let method: Method
  private let folder: String
  public private(set) var trials: [Trial]

  /// - Parameter folder: made where it is missing; what a search with the same plan has left there is gone on with.
  /// - Throws: ``TrainingError`` where the folder holds another search, and what ``FileError`` says.
  public init(
    _ plan: SearchPlan, method: Method, trials count: Int, seed: UInt64, in folder: String
  ) throws {
    (self.plan, self.method, self.folder) = (plan, method, folder)
    trials = (0..<count).map { Trial(number: $0 + 1, settings: plan.settings(ofTrial: $0, seed: seed)) }
    try FolderMaking.make(folder)
    guard FileManager.default.fileExists(atPath: report) else { return }
    let begun = try JSONDecoder().decode([Trial].self, from: Data(contentsOf: URL(fileURLWithPath: report)))
    guard begun.map(\.settings) == trials.map(\.settings) else {
      throw TrainingError.invalidSetting(
        name: "the folder '\(folder)'", expected: "a new one, or one with a search by the same ranges, seed and trials",
        got: "one with another search")
    }
    trials = begun
  }

  /// The file with all trials, as JSON.
  public var report: String { "\(folder)/search.json" }

  /// The file with the recipe of the best trial.
  public var bestRecipe: String { "\(folder)/best-recipe.yaml" }

  /// Those that were not given up, the best first.
  public var ranking: [Trial] {
    trials.filter { $0.failure == nil && $0.score != nil }.sorted {
      ($1.passes, $0.score ?? 0, $0.number) < ($0.passes, $1.score ?? 0, $1.number)
    }
  }

  /// How many passes the trials of each round have had behind it, and how many trials it begins with.
  var rounds: [(passes: Int, trials: Int)] {
    var rounds = [(passes: plan.recipe.epochs, trials: 1)]
    guard method == .halving else { return [(plan.recipe.epochs, trials.count)] }
    var number = 1
    while number * Self.share <= trials.count, rounds[0].passes > 1 {
      number *= Self.share
      rounds.insert((max(1, rounds[0].passes / Self.share), 0), at: 0)
    }
    var left = trials.count
    for index in rounds.indices {
      rounds[index].trials = left
      left = max(1, left / Self.share)
    }
    return rounds
  }

  /// Trains what is not trained yet.
  ///
  /// - Parameters:
  ///   - make: a training by a recipe.
  ///   - onTrial: called after each round of a trial.
  public mutating func run(
    cancellation: Cancellation? = nil, make: (Recipe) throws -> TrainingRun, onTrial: (Trial) -> Void = { _ in }
  ) throws {
    var chosen = Array(trials.indices)
    for round in rounds {
      chosen = chosen.filter { trials[$0].failure == nil }.sorted { left, right in
        (trials[left].score ?? .infinity, left) < (trials[right].score ?? .infinity, right)
      }
      chosen = Array(chosen.prefix(round.trials)).sorted()
      for index in chosen where trials[index].passes < round.passes && trials[index].failure == nil {
        try train(index, to: round.passes, cancellation, make)
        try save()
        onTrial(trials[index])
      }
    }
    guard let best = ranking.first else { return }
    let recipe = try plan.recipe(with: best.settings)
    let file = try AtomicFile(bestRecipe)
    try file.write(Array(ConfigurationValue.object(try ConfigurationDecoder.encode(recipe)).yaml.utf8))
    try file.commit()
  }

  private mutating func train(
    _ index: Int, to passes: Int, _ cancellation: Cancellation?, _ make: (Recipe) throws -> TrainingRun
  ) throws {
    let state = "\(folder)/trial-\(trials[index].number).state"
    do {
      var run = try make(plan.recipe(with: trials[index].settings))
      if FileManager.default.fileExists(atPath: state) { try run.restore(TrainingState(contentsOf: state)) }
      try run.run(observers: [Checkpoints(to: state), Limit(passes)], cancellation: cancellation)
      trials[index].passes = max(passes, run.history.count)
      trials[index].score = run.scores.min()
      trials[index].best = run.best
    } catch let error as TrainingError {
      if error == .cancelled { throw error }
      // Settings that make no sense together, or a rate that is too high, are what a search finds out.
      trials[index].failure = "\(error)"
    }
    if trials[index].failure != nil || trials[index].passes == plan.recipe.epochs {
      try? FileManager.default.removeItem(atPath: state)
    }
  }

  private func save() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = try AtomicFile(report)
    try file.write([UInt8](encoder.encode(trials)))
    try file.commit()
  }

  /// Ends a run after so many passes.
  private final class Limit: TrainingObserver {
    private let passes: Int

    init(_ passes: Int) { self.passes = passes }

    func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
      if case .finished = event { return .goOn }
      return run.history.count >= passes ? .stop(reason: "enough for this round") : .goOn
    }
  }
}
