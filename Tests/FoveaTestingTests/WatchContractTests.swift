import FoveaCore
import FoveaTesting
import Testing

/// Metrics, observers and row formats, each with the faults that their authors might make, and what the checker says.
struct WatchContractTests {
  /// The share of numbers that are near.
  struct Near: MeanMetric {
    static let kind = "near"
    enum Fault: String, Codable { case none, direction, number, name }
    var fault = Fault.none
    var figure: String { fault == .name ? "very near" : Self.kind }
    func value(_ example: JudgedNumbers) -> Double? {
      if fault == .number { return .infinity }
      let isNear = abs(example.values[0] - example.targets[0]) < 0.1
      return isNear == (fault != .direction) ? 1 : 0
    }
  }

  /// Forgets what was counted before.
  struct Forgetful: Metric {
    static let kind = "forgetful"
    func begin(labels: [String]) -> Int { 0 }
    func add(_ example: JudgedClass, to tally: inout Int) { tally += 1 }
    func add(_ other: Int, to tally: inout Int) { tally = other }
    func figures(of tally: Int) -> [MetricFigure] { [MetricFigure(Self.kind, Double(tally))] }
  }

  @Test func aMetricsFaultsAreFound() {
    func failures(_ fault: Near.Fault) -> [String] {
      var metric = Near()
      metric.fault = fault
      return KindContract.check(Near.self, metric).failures.map(\.name)
    }
    #expect(failures(.none) == [])
    #expect(failures(.direction) == ["numbers: what is right is no worse than chance"])
    #expect(failures(.number).contains("numbers: same examples, same figures"))
    #expect(failures(.name) == ["figures have names"])
    #expect(KindContract.check(Forgetful.self).failures.map(\.name) == ["one class: parts add up"])
  }

  struct Watch: RecipeObserver, TrainingObserver, Configurable {
    struct Failure: Error {}
    static let kind = "watch"
    var fails = false
    func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
      guard case .passEnded = event else { return .goOn }
      if fails { throw Failure() }
      return run.history.count == 2 ? .stop(reason: "it is late") : .goOn
    }
  }

  @Test func anObserverWatchesToTheEnd() {
    let report = KindContract.check(Watch.self)
    #expect(report.passed && report.checks.last?.detail == "2 passes, then it was ended: it is late")
    #expect(KindContract.check(Watch.self, Watch(fails: true)).failures.map(\.name) == ["a training is watched"])
  }

  struct Bare: LineFormat {
    static let kind = "bare"
    var saysWhy = true
    func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines { Lines(saysWhy: saysWhy) }

    struct Lines: RowLines {
      let saysWhy: Bool
      func line(_ row: ResultRow) -> String { row.path + (saysWhy ? row.error ?? "" : "") }
    }
  }

  @Test func aRowFormatSaysWhatIsWrong() {
    #expect(KindContract.check(Bare.self).passed)
    let failures = KindContract.check(Bare.self, Bare(saysWhy: false)).failures
    #expect(failures.map(\.name) == ["oneClass", "labels", "numbers", "embedding"].map { "rows of \($0)" })
  }

  /// A sort of a program's own, with its contract: one protocol, checked by the same call.
  @Test func aSortOfOnesOwnHasItsContract() throws {
    var registry = Registry()
    try registry.register(Backwards.self, in: .samplers, from: .program)
    let reports = registry.registered.flatMap { KindContract.check($0) }
    #expect(reports.map(\.subject) == ["sampler 'backwards'"] && reports[0].passed)
    #expect(reports[0].checks.last?.name == "each example comes once")
    #expect(KindContract.check(Backwards.self, Backwards(skips: 1)).failures.map(\.name) == ["each example comes once"])
  }
}

protocol Sampler: ConfigurableKind, Configurable {
  func order(count: Int) -> [Int]
}

extension Sampler {
  static var noun: String { Sort.samplers.noun }

  func checkContract(_ report: inout ContractReport) {
    report.check("each example comes once") {
      guard order(count: 5).sorted() == Array(0..<5) else { throw Breach("\(order(count: 5))") }
      return ""
    }
  }
}

extension Sort where Member == any Sampler.Type {
  static var samplers: Sort { Sort("samplers", noun: "sampler", place: .recipe("sampler")) { $0 } }
}

private struct Backwards: Sampler {
  static let kind = "backwards"
  var skips = 0
  func order(count: Int) -> [Int] { Array((skips..<count).reversed()) }
}
