import FoveaCore
import FoveaTraining
import Testing

/// Rates are optax's, step for step, in ten passes of eight steps; see `Tests/Fixtures/Generators/rule_fixtures.py`.
@Suite struct ScheduleTests {
  private static func rates(_ schedule: any Schedule...) -> [Float] {
    (0..<80).map { step in
      let moment = TrainingMoment(pass: step / 8 + 1, of: 10, step: step % 8, of: 8)
      return schedule.reduce(0.5) { $1.learningRate(at: moment, from: $0) }
    }
  }

  private static func expect(_ ours: [Float], _ name: String, scale: Float = 1) throws {
    let file = try SafeTensors(contentsOf: FixtureFolder.path("Rules/schedules.safetensors"))
    let theirs = try #require(file.tensors[name]).elements
    #expect(ours.count == theirs.count)
    for (step, (ours, theirs)) in zip(ours, theirs).enumerated() {
      #expect(isClose(ours, scale * theirs, relative: 1e-4), "\(name), step \(step): \(ours), \(theirs)")
    }
  }

  @Test func cosine() throws {
    try Self.expect(Self.rates(CosineSchedule(lowest: 0.1)), "cosine")
  }

  @Test func eachTakesTheRateOfTheOneBefore() throws {
    let (warmUp, cosine) = (WarmUpSchedule(epochs: 1.5, start: 0.2), CosineSchedule(lowest: 0.1))
    try Self.expect(Self.rates(warmUp, cosine), "warmUpThenCosine")
    try Self.expect(Self.rates(cosine, warmUp), "warmUpThenCosine")
  }

  @Test func oneCycle() throws {
    var schedule = OneCycleSchedule()
    (schedule.rise, schedule.start, schedule.end) = (0.25, 0.05, 0.001)
    try Self.expect(Self.rates(schedule), "oneCycle")
  }

  /// optax counts the pass that makes patience end; PyTorch, which this follows, waits for one more.
  @Test func reduceOnPlateau() throws {
    var schedule = PlateauSchedule()
    (schedule.factor, schedule.patience, schedule.minimumChange) = (0.5, 1, 0.01)
    let file = try SafeTensors(contentsOf: FixtureFolder.path("Rules/schedules.safetensors"))
    let scores = try #require(file.tensors["scores"]).elements.map { Double($0) }
    let rates = scores.indices.map { pass in
      schedule.learningRate(
        at: TrainingMoment(pass: pass + 1, of: 10, scores: Array(scores.prefix(pass))), from: 0.5)
    }
    try Self.expect(rates, "reduceOnPlateau")
    schedule.lowest = 0.4
    let lowest = schedule.learningRate(at: TrainingMoment(pass: 10, of: 10, scores: scores), from: 0.5)
    #expect(lowest == 0.2)
  }

  /// By hand: 0.8 · 0.5^0, 0.5^0, 0.5^1, 0.5^1, 0.5^2.
  @Test func step() {
    var schedule = StepSchedule()
    (schedule.epochs, schedule.factor) = (2, 0.5)
    #expect((1...5).map { schedule.learningRate(pass: $0, of: 5, from: 0.8) } == [0.8, 0.8, 0.4, 0.4, 0.2])
  }
}
