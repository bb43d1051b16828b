import FoveaCore
import FoveaTraining
import Testing

@Suite struct QuantizationReportTests {
  private func report(differences: Int, faster: Double) -> QuantizationReport {
    var report = QuantizationReport(examples: 1000, differences: differences)
    (report.speedBefore, report.speedAfter) = (100, 100 * faster)
    return report
  }

  @Test func refusesWhatIsSlowerOrLosesMore() {
    #expect(report(differences: 5, faster: 1.5).refusal(tolerance: 0.5) == nil)
    #expect(report(differences: 6, faster: 1.5).refusal(tolerance: 0.5)?.contains("0.6 points") == true)
    #expect(report(differences: 6, faster: 1.5).refusal(tolerance: 1) == nil)
    #expect(report(differences: 0, faster: 0.9).refusal(tolerance: 0.5)?.contains("slower") == true)
  }
}
