import CubeHelix
import FocalLoss
import FoveaCore
import FoveaTesting
import Testing

struct OtherPluginTests {
  @Test func focalLossAgreesWithPyTorch() throws {
    let fixture = try PluginFixture("focal")
    let targets = try fixture.tensor("targets").elements.map { Int($0) }
    let (loss, gradient) = try FocalLossFunction(gamma: 2)
      .evaluate(fixture.tensor("output"), targets: Targets(targets), scale: 1)
    let expected = try fixture.tensor("loss").elements[0]
    #expect(abs(loss - expected) < 1e-5 * expected)
    let worst = zip(gradient.elements, try fixture.tensor("outputGradient").elements).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6)
  }

  /// Large logits, where 1 − p is 0 in single precision.
  @Test(arguments: [Float(0), 0.5, 2]) func focalLossStaysFinite(gamma: Float) throws {
    let outputs = Tensor([80, -80, 0, -80, 80, 0], [2, 3])
    let (loss, gradient) = try FocalLossFunction(gamma: gamma).evaluate(outputs, targets: [0, 0], scale: 1)
    #expect(loss.isFinite)
    #expect(gradient.elements.allSatisfy { $0.isFinite })
  }

  @Test func cubeHelixAgreesWithMatplotlib() throws {
    let expected = try PluginFixture("cubeHelix").tensor("colors").elements
    let worst = zip(CubeHelixMap().table, expected).map { abs(Float($0) - $1) }.max() ?? 255
    #expect(worst < 1)
  }

  @Test(arguments: [
    KindContract.check(FocalLossFunction.self), KindContract.check(FocalLossFunction.self, FocalLossFunction(gamma: 0)),
    KindContract.check(CubeHelixMap.self),
  ]) func contractIsKept(report: ContractReport) {
    #expect(report.passed, "\(report)")
  }
}
