import Foundation
import FoveaCore
import FoveaModel
import Testing

@testable import FoveaTraining

/// Trials of a recipe with other settings.
@Suite struct SearchTests {
  private static func plan(epochs: Int = 9) throws -> SearchPlan {
    var recipe = SmallTraining().recipe
    recipe.epochs = epochs
    recipe.optimizer = KindDescription(kind: "sgd", configuration: ["momentum": 0])
    return SearchPlan(
      recipe,
      ranges: [
        "optimizer.learningRate": .numbers(.init(from: 0.0001, to: 1, logarithmic: true)),
        "batchSize": .choices([8, 16]),
      ])
  }

  private static func make(_ recipe: Recipe) throws -> TrainingRun {
    var training = SmallTraining()
    training.recipe = recipe
    return try training.run()
  }

  @Test func rangesAreReadStrictly() throws {
    let folder = try TemporaryPath()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.unique() + ".yaml"
    func plan(_ search: String) throws -> SearchPlan {
      try "epochs: 3\nsearch: \(search)\n".write(toFile: path, atomically: true, encoding: .utf8)
      return try SearchPlan(contentsOf: path)
    }
    let read = try plan("{batchSize: [8, 16], epochs: {from: 2, to: 5, whole: true}}")
    #expect(read.ranges["batchSize"] == .choices([8, 16]) && read.recipe.epochs == 3)
    #expect(read.ranges["epochs"] == .numbers(.init(from: 2, to: 5, whole: true)))
    for wrong in ["{batchSize: []}", "{batchSize: {from: 3, to: 2}}", "{a: {from: 0, to: 1, logarithmic: true}}", "{}"]
    {
      #expect(throws: TrainingError.self, "\(wrong)") { try plan(wrong) }
    }
  }

  @Test func settingsFollowFromSeedAndNumber() throws {
    let plan = try Self.plan()
    let drawn = (0..<200).map { plan.settings(ofTrial: $0, seed: 4) }
    #expect(drawn[7] == plan.settings(ofTrial: 7, seed: 4) && drawn[7] != plan.settings(ofTrial: 7, seed: 5))
    let rates = drawn.compactMap { if case .number(let rate)? = $0["optimizer.learningRate"] { rate } else { nil } }
    #expect(rates.count == 200 && rates.allSatisfy { (0.0001...1).contains($0) })
    // Each of the four powers of ten is as probable: 50 of each, give or take four deviations of 6.1.
    for power in -4..<0 {
      #expect((25...75).contains(rates.count { Int(log10($0).rounded(.down)) == power }), "\(power)")
    }
    #expect((70...130).contains(drawn.count { $0["batchSize"] == 8 }))
    let recipe = try plan.recipe(with: drawn[0])
    #expect(recipe.optimizer.configuration["learningRate"] == drawn[0]["optimizer.learningRate"])
  }

  @Test func halvingKeepsTheBetterThird() throws {
    let folder = try TemporaryPath()
    defer { withExtendedLifetime(folder) {} }
    var search = try Search(Self.plan(), method: .halving, trials: 9, seed: 1, in: folder.unique())
    #expect(search.rounds.map(\.passes) == [1, 3, 9] && search.rounds.map(\.trials) == [9, 3, 1])
    try search.run(make: Self.make)
    #expect(search.trials.map(\.passes).sorted() == [1, 1, 1, 1, 1, 1, 3, 3, 9])
    let best = try #require(search.ranking.first)
    #expect(best.passes == 9)
    // Of those that had one pass only, none was better after it than those that went on: by a training of each.
    var firsts: [Int: Double] = [:]
    for trial in search.trials {
      var run = try Self.make(Self.plan().recipe(with: trial.settings))
      while run.history.isEmpty { _ = try run.next() }
      firsts[trial.number] = run.scores[0]
    }
    let kept = search.trials.filter { $0.passes > 1 }.compactMap { firsts[$0.number] }
    let dropped = search.trials.filter { $0.passes == 1 }.compactMap { firsts[$0.number] }
    #expect(try #require(kept.max()) <= (try #require(dropped.min())))
    let recipe = try Recipe(contentsOf: search.bestRecipe)
    #expect(try recipe == Self.plan().recipe(with: best.settings))
  }

  /// Cut in the middle of a trial, and gone on with, it comes to the same.
  @Test func goesOnWhereItWasCut() throws {
    let folder = try TemporaryPath()
    defer { withExtendedLifetime(folder) {} }
    let (whole, cut) = (folder.unique(), folder.unique())
    var first = try Search(Self.plan(epochs: 3), method: .halving, trials: 3, seed: 2, in: whole)
    try first.run(make: Self.make)
    var cancelled = try Search(Self.plan(epochs: 3), method: .halving, trials: 3, seed: 2, in: cut)
    let cancellation = Cancellation()
    #expect(throws: TrainingError.cancelled) {
      try cancelled.run(cancellation: cancellation, make: Self.make) { if $0.number == 2 { cancellation.cancel() } }
    }
    var resumed = try Search(Self.plan(epochs: 3), method: .halving, trials: 3, seed: 2, in: cut)
    #expect(resumed.trials.map(\.passes) == [1, 1, 0])
    try resumed.run(make: Self.make)
    #expect(resumed.trials.map(\.score) == first.trials.map(\.score))
    #expect(resumed.trials.map(\.passes) == first.trials.map(\.passes))
    #expect(throws: TrainingError.self) {
      try Search(Self.plan(epochs: 3), method: .halving, trials: 3, seed: 3, in: cut)
    }
  }
}
