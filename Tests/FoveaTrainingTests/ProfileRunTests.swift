import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

@Suite struct ProfileRunTests {
  private static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let description = ModelDescription(
      name: "small", input: [1, 12, 10],
      layers: [
        Convolution.layer("c1", filters: 4, kernel: 3), Relu.layer("r1"), MaximumPooling.layer("p1", window: 2),
        Convolution.layer("c2", filters: 8, kernel: 3), Relu.layer("r2"), Flatten.layer("f"),
        Dense.layer("d", units: 3),
      ])
    return try Model(description, registry: registry, seed: 7)
  }

  private static func checkSums(_ report: ProfileReport) {
    let costs =
      report.steps.flatMap { [$0.inference, $0.forward, $0.backward] }.compactMap { $0 }
      + [report.loss, report.update].compactMap { $0 }
    #expect(report.seconds > 0)
    #expect(report.rest.seconds >= 0)
    #expect(costs.allSatisfy { $0.seconds > 0 && $0.kernelSeconds <= $0.seconds })
    #expect(costs.allSatisfy { $0.reorders == $0.kernels.filter(\.isReorder).reduce(0) { $0 + $1.runs } })
    let parts = costs.reduce(report.rest.seconds) { $0 + $1.seconds }
    #expect(abs(parts - report.seconds) <= report.seconds * 1e-6 || report.rest.seconds == 0)
  }

  @Test(arguments: [1, 2]) func trainingNamesEachStepOnce(threads: Int) throws {
    let run = try ProfileRun(Self.model(), batchSize: 6, threads: threads, seconds: 0)
    let report = try run.training(loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 3)
    #expect(report.batches == 3)
    #expect(report.steps.flatMap { $0.name.components(" + ") } == ["c1", "r1", "p1", "c2", "r2", "f", "d"])
    #expect(Set(report.steps.map(\.name)).count == report.steps.count)
    #expect(report.steps.allSatisfy { $0.inference == nil && $0.forward != nil && $0.backward != nil })
    #expect(report.loss != nil && report.update != nil)
    let first = try #require(report.steps.first?.forward)
    #expect(first.kernels.contains { !$0.isReorder && $0.runs >= 1 && !$0.implementation.isEmpty })
    if threads == 1 { Self.checkSums(report) }
  }

  @Test func inferenceHasItsOwnPass() throws {
    let report = try ProfileRun(Self.model(), batchSize: 5, threads: 1, seconds: 0).inference()
    #expect(report.batches == 3)
    #expect(report.steps.allSatisfy { $0.inference != nil && $0.forward == nil && $0.backward == nil })
    #expect(report.loss == nil && report.update == nil)
    Self.checkSums(report)
  }

  @Test func whatIsMeasuredStaysTheSame() throws {
    let model = try Self.model()
    let input = Tensor((0..<360).map { Float($0 % 17) / 17 }, [3, 1, 12, 10])
    let profile = Profile()
    #expect(try model.infer(input, profile: profile).elements == model.infer(input).elements)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let model = try Self.model()
    #expect(throws: TrainingError.self) { try ProfileRun(model, batchSize: 0, threads: 1, seconds: 0) }
    #expect(throws: TrainingError.self) { try ProfileRun(model, batchSize: 1, threads: 0, seconds: 0) }
    #expect(throws: TrainingError.self) { try ProfileRun(model, batchSize: 1, threads: 1, seconds: .nan) }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
