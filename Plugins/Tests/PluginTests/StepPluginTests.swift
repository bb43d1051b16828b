import Deslant
import FoveaCore
import FoveaTesting
import MarginRejection
import Testing

struct StepPluginTests {
  @Test func deslantingAgreesWithSciPy() throws {
    let fixture = try PluginFixture("deslant")
    let input = try fixture.tensor("input")
    let image = try Image(
      width: input.shape[1], height: input.shape[0], channels: 1, pixels: .floats(input.elements))
    let got = try DeslantStep().apply(image).floats
    let expected = try fixture.tensor("output").elements
    let worst = zip(got, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5)
  }

  /// Three pixels that lean by one to the right for each row downwards.
  @Test(arguments: [false, true]) func aDiagonalBecomesUpright(isDark: Bool) throws {
    let (ink, paper): (UInt8, UInt8) = isDark ? (0, 255) : (255, 0)
    let bytes: [UInt8] = (0..<25).map { $0 % 6 == 0 ? ink : paper }
    let image = try Image(width: 5, height: 5, channels: 1, pixels: .bytes(bytes))
    let upright = try DeslantStep(darkInk: isDark).apply(image)
    #expect(upright.floats == (0..<25).map { $0 % 5 == 2 ? Float(ink) : Float(paper) })
  }

  @Test func aBlankPictureStaysAsItIs() throws {
    let blank = try Image(width: 3, height: 4, channels: 1, pixels: .bytes(Array(repeating: 0, count: 12)))
    #expect(try DeslantStep().apply(blank).floats == blank.floats)
  }

  @Test func decisionsThatAreCloseAreTakenBack() throws {
    func decision(_ scores: [Float], margin: Float) throws -> Int? {
      try [RejectByMargin(margin: margin)].predict(scores, labels: ["a", "b", "c"]).decision
    }
    #expect(try decision([0.1, 0.5, 0.4], margin: 0.2) == nil)
    #expect(try decision([0.1, 0.75, 0.15], margin: 0.2) == 1)
    #expect(try decision([0.5, 0.25, 0.25], margin: 0.25) == 0)
    #expect(throws: PredictionError.self) { try RejectByMargin(margin: -1).validate() }
  }

  @Test(arguments: [
    KindContract.check(DeslantStep.self), KindContract.check(DeslantStep.self, DeslantStep(darkInk: true)),
    KindContract.check(RejectByMargin.self, RejectByMargin(margin: 0.2)),
  ]) func contractIsKept(report: ContractReport) {
    #expect(report.passed, "\(report)")
  }
}
