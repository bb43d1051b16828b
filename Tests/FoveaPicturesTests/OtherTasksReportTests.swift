import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

@testable import FoveaPictures

/// Reports of networks for several labels and for numbers.
@Suite struct OtherTasksReportTests {
  /// Two pixels, each of which says one thing: a network of two weights passes them on.
  private static func report(_ targets: Targets, pixels: [[UInt8]], labels: [String]) throws -> RunReport {
    var registry = try Registry.tested()
    try BuiltinPostprocessing.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    let isLabels = targets.kind == .labels
    let description = ModelDescription(
      name: "two pixels", input: [1, 1, 2],
      layers: [
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 2]),
      ], loss: KindDescription(kind: isLabels ? "multiLabelCrossEntropy" : "squaredError"),
      preprocessing: [KindDescription(Scale())],
      postprocessing: [KindDescription(kind: isLabels ? "labels" : "numbers")], labels: labels)
    let model = try Model(
      description, registry: registry,
      tensors: [
        "out.weight": Tensor(isLabels ? [8, 0, 0, 8] : [1, 0, 0, 100], [2, 2]),
        "out.bias": Tensor(isLabels ? [-4, -4] : [0, 0], [2]),
      ])
    let images = try pixels.map { try Image(width: 2, height: 1, channels: 1, pixels: .bytes($0)) }
    return try RunReport(
      SavedModel(description: description, model: model),
      on: Dataset(ArrayDataset(images, targets: targets, labels: labels)),
      registry: registry, pool: WorkerPool(count: 1))
  }

  private static func labels() throws -> RunReport {
    // Lit pixels are what is right, but for the second label of the first and the third image.
    let pixels: [[UInt8]] = [[255, 255], [255, 0], [0, 60], [0, 255], [255, 255], [0, 0]]
    let truths: [Float] = [1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0]
    return try report(.labels(TargetRows(truths, width: 2)), pixels: pixels, labels: ["up & down", "<left>"])
  }

  @Test func labelsHaveCurvesCalibrationAndMistakes() throws {
    let report = try Self.labels()
    let html = report.html
    for section in ["labels", "thresholds", "calibration", "mistakes", "recipe"] {
      #expect(html.contains("<section id=\"\(section)\">"), "\(section)")
    }
    #expect(html.contains("up &amp; down") && html.contains("&lt;left&gt;") && !html.contains("<left>"))
    guard case .labels(let judged)? = report.outputs[0].judged else { throw Missing() }
    #expect(judged.curve(of: 0).areaUnderROC == 1 && judged.curve(of: 1).averagePrecision != nil)
    // Of both labels one dot in each chart: what the threshold of today amounts to.
    #expect(html.components(separatedBy: ", as decided").count == 5)
    #expect(report.mistakeCount == 2 && report.mistakes.isEmpty && report.walk != nil)
    let (given, missed) = (report.labelMistakes[0], report.labelMistakes[1])
    #expect(given.wronglyGiven.map(\.label) == ["<left>"] && given.found.map(\.label) == ["up & down"])
    #expect(missed.missed.map(\.label) == ["<left>"] && missed.found.isEmpty && missed.wronglyGiven.isEmpty)
    #expect(given.picture?.words.contains("wrongly given <left>") == true)
  }

  @Test func numbersHaveTheirErrorsAndMistakes() throws {
    let pixels: [[UInt8]] = [[0, 255], [51, 204], [102, 153], [153, 102], [204, 51], [255, 0]]
    let values: [Float] = [0, 100, 0.2, 80, 0.4, 60, 0.6, 40, 0.8, 20, 1, 0]
    var targets = values
    targets[2] += 0.1
    targets[9] -= 30
    let report = try Self.report(.numbers(TargetRows(targets, width: 2)), pixels: pixels, labels: ["speed", "<turn>"])
    let html = report.html
    for section in ["numbers", "errors", "mistakes"] { #expect(html.contains("<section id=\"\(section)\">")) }
    // A dot for each image and number; and nothing else is round.
    #expect(html.components(separatedBy: "<circle").count == 13 && html.contains("mean absolute error 5"))
    #expect(!html.contains("<turn>"))
    let worst = report.numberMistakes.prefix(2)
    #expect(report.mistakeCount == 6)
    #expect(Set(worst.map { $0.numbers[0].name }) == ["speed", "<turn>"])
    let turn = try #require(worst.first { $0.numbers[0].name == "<turn>" }?.numbers[0])
    #expect(abs(turn.value - 20) < 1e-3 && turn.target == -10)
  }

  private struct Missing: Error {}
}
