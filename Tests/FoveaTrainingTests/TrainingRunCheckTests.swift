import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// Pictures that cannot be read: found before the first step, or left out while the training runs.
@Suite struct TrainingRunCheckTests {
  /// Gray pictures of 4 × 4, dark or bright, some of which fail.
  private struct Source: DatasetSource {
    let name: String
    let labels = ["dark", "bright"]
    let count: Int
    let failing: Set<Int>

    func target(at index: Int) -> Int { index % 2 }
    func identifier(at index: Int) -> String { "\(name)/\(index)" }

    func failure(_ index: Int) -> DataError { .unreadable(path: identifier(at: index), reason: "bad") }

    func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
      guard !failing.contains(index) else { throw failure(index) }
      do throws(ImageError) {
        return try Image(
          width: 4, height: 4, channels: 1,
          pixels: .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: index % 2 * 200 + index % 40), count: 16)))
      } catch { throw .image(identifier: identifier(at: index), error: error) }
    }
  }

  private let training = Source(name: "training", count: 40, failing: [3, 8, 39])
  private let validation = Source(name: "validation", count: 10, failing: [0])

  private func run(
    _ policy: BatchLoader.FailurePolicy, training: Source? = nil, validation: Source? = nil
  ) throws -> TrainingRun {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinOptimizers.register(in: &registry)
    try registry.registerImageKinds()
    let description = ModelDescription(
      "small", input: [1, 4, 4], loss: KindDescription(SoftmaxCrossEntropy()),
      preprocessing: [KindDescription(Scale())]
    ) {
      Flatten.layer("flat")
      Dense.layer("output", units: 2)
    }
    var recipe = Recipe()
    recipe.epochs = 2
    recipe.batchSize = 8
    var settings = TrainingRun.Settings(seed: 1, threads: 2)
    settings.failurePolicy = policy
    return try TrainingRun(
      description, registry: registry, training: Dataset(training ?? self.training),
      validation: Dataset(validation ?? self.validation), recipe: recipe, settings: settings)
  }

  @Test func findsThemInBothPartsAndLeavesThemOut() throws {
    var run = try run(.stop)
    var progress: [[Int]] = []
    let unusable = try run.unusableExamples { progress.append([$0, $1]) }
    #expect(progress == [[40, 50], [50, 50]])
    #expect(unusable.count == 4)
    #expect(unusable.errors == [3, 8, 39].map(training.failure) + [validation.failure(0)])
    try run.leaveOut(unusable)
    #expect((run.training.count, run.validation?.count, run.imageCount) == (37, 9, 46))
    let history = try run.run()
    #expect(history.count == 2 && history.allSatisfy { $0.validationLoss != nil })
    #expect(run.failures.isEmpty)
    #expect(try run.unusableExamples().count == 0)
  }

  @Test func stopsAtOneThatIsFoundOnTheWay() throws {
    var training = try run(.stop)
    #expect(throws: TrainingError.self) { try training.run() }
    var judging = try run(.stop, training: Source(name: "training", count: 40, failing: []))
    #expect(throws: TrainingError.data(validation.failure(0).description)) { try judging.run() }
  }

  @Test func leavesOutAndNamesOnceWhatIsFoundOnTheWay() throws {
    var run = try run(.skip)
    let history = try run.run()
    #expect(history.count == 2)
    #expect(run.failures.count == 4)
    #expect(
      Set(run.failures.map(\.description))
        == Set(([3, 8, 39].map(training.failure) + [validation.failure(0)]).map(\.description)))
  }

  @Test func refusesToLeaveOutEverything() throws {
    var run = try run(.skip)
    let all = Source(name: "training", count: 2, failing: [])
    var unusable = try run.unusableExamples()
    #expect(unusable.count == 4)
    unusable = TrainingRun.UnusableExamples(
      training: (0..<40).map { UnusableExample(example: $0, error: all.failure($0)) }, validation: [])
    #expect(throws: TrainingError.self) { try run.leaveOut(unusable) }
  }
}
