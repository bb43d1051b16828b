import FoveaCore
import FoveaTesting
import Scrutiny
import Testing

struct ScrutinyTests {
  /// Of 50 decisions 20 yes and 15 no are right, 25 are yes, 30 are decided to be: p = 0.7, e = 0.5, κ = 0.4.
  @Test func kappaIsAboveChance() throws {
    let metric = CohenKappaMetric()
    var tally = metric.begin(labels: ["yes", "no"])
    for (target, decision, count) in [(0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15)] {
      let prediction = Prediction(labels: ["yes", "no"], scores: [0.5, 0.5], decision: decision)
      let example = try #require(JudgedClass(prediction, [target], 0))
      for _ in 0..<count { metric.add(example, to: &tally) }
    }
    let kappa = try #require(metric.figures(of: tally)[0].value)
    #expect(abs(kappa - 0.4) < 1e-12)
    #expect(metric.figures(of: metric.begin(labels: ["yes"]))[0].value == nil)
  }

  @Test func rowsHaveTabsBetweenTheirValues() {
    let lines = TabRows().begin(like: Numbers([Numbers.Number("width", 0)]), top: 1, width: nil)
    #expect(lines.header == "path\tnumbers_width\terror")
    let result = Numbers([Numbers.Number("width", 1.5)])
    #expect(lines.line(ResultRow(path: "a\tb.png", result: result)) == "a b.png\t1.5\t")
    #expect(lines.line(ResultRow(path: "c.png", error: "no\npicture")) == "c.png\t\tno picture")
  }

  @Test func aLimitEndsATraining() {
    var observer = WeightLimit()
    // The weights of the training that the checker makes up are as large as its steps are many.
    observer.limit = 3
    let report = KindContract.check(WeightLimit.self, observer)
    #expect(report.passed && report.checks.last?.detail.contains("a weight of 'f1.kernel' is 4.0") == true, "\(report)")
  }

  @Test(arguments: [
    KindContract.check(CohenKappaMetric.self), KindContract.check(WeightLimit.self), KindContract.check(TabRows.self),
  ]) func contractIsKept(report: ContractReport) {
    #expect(report.passed, "\(report)")
  }
}
