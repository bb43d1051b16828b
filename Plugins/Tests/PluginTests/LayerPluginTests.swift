import FoveaCore
import FoveaTesting
import LocalResponseNormalization
import ParametricRelu
import SpatialPyramidPooling
import Testing

struct LayerPluginTests {
  @Test(arguments: [
    LayerContract.check(LocalResponseNormalizationLayer.self), LayerContract.check(ParametricReluLayer.self),
    LayerContract.check(SpatialPyramidPoolingLayer.self),
  ]) func contractIsKept(reports: [ContractReport]) {
    for report in reports { #expect(report.passed, "\(report)") }
  }

  @Test func localResponseNormalizationAgreesWithPyTorch() throws {
    var configuration = LocalResponseNormalizationLayer.Configuration()
    configuration.alpha = 0.3
    try PluginFixture("localResponseNormalization").expectAgreement(
      with: LocalResponseNormalizationLayer(configuration, input: [7, 3, 4]))
  }

  @Test func parametricReluAgreesWithPyTorch() throws {
    try PluginFixture("parametricRelu").expectAgreement(with: ParametricReluLayer(.init(), input: [4, 3, 5]))
  }

  @Test func spatialPyramidPoolingAgreesWithPyTorch() throws {
    try PluginFixture("spatialPyramidPooling").expectAgreement(
      with: SpatialPyramidPoolingLayer(.init(), input: [3, 7, 9]))
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    typealias Normalization = LocalResponseNormalizationLayer
    var even = Normalization.Configuration()
    even.size = 4
    #expect(
      throws: LayerError.invalidConfiguration(
        kind: Normalization.kind, key: "size", expected: "an odd number from 1", got: "4")
    ) { try Normalization(even, input: [8, 2, 2]) }
    #expect(throws: LayerError.self) { try Normalization(.init(), input: [8]) }
    var empty = SpatialPyramidPoolingLayer.Configuration()
    empty.levels = []
    #expect(throws: LayerError.self) { try SpatialPyramidPoolingLayer(empty, input: [1, 8, 8]) }
    #expect(
      throws: LayerError.invalidInput(
        kind: SpatialPyramidPoolingLayer.kind, expected: "maps of 4 × 4 pixels at least", got: [2, 3, 9])
    ) { try SpatialPyramidPoolingLayer(.init(), input: [2, 3, 9]) }
  }
}
