import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Synchronization
import Testing

@Suite struct ResultSequenceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Counts the pictures that have been decoded.
  struct Counting: PreprocessingStep, Configurable {
    static let kind = "counting"
    final class Counter: Sendable { let count = Atomic(0) }
    var counter = Counter()

    init() {}
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws {}
    static func == (one: Self, other: Self) -> Bool { true }

    func apply(_ image: Image) throws(ImageError) -> Image {
      counter.count.add(1, ordering: .relaxed)
      return image
    }

    var seen: Int { counter.count.load(ordering: .relaxed) }
  }

  private func pipeline(_ counting: Counting) throws -> Pipeline {
    try Pipeline(
      model: Brightness.model(), preprocessing: [counting, ToGrayscale(), Resize(width: 3, height: 4), Scale()],
      labels: Brightness.labels)
  }

  private func paths(_ count: Int) throws -> [String] {
    let path = try folder.picture("a.png", gray: 250)
    return (0..<count).map { $0.isMultiple(of: 7) ? folder("missing-\($0).png") : path }
  }

  @Test func rowsComeInOrder() async throws {
    let paths = try paths(50)
    var expected: [ResultRow] = []
    let pipeline = try Brightness.pipeline()
    _ = try BatchClassifier(pipeline).run(paths) { expected.append($0) }
    var rows: [ResultRow] = []
    for try await row in try pipeline.results(of: paths, settings: .init(batchSize: 4, threads: 2)) { rows.append(row) }
    #expect(rows == expected)
  }

  /// However slow whoever takes the rows is, threads do not run away.
  @Test func nothingIsDecodedFarAhead() async throws {
    let counting = Counting()
    let settings = BatchClassifier.Settings(batchSize: 3, threads: 2)
    var taken = 0
    let path = try folder.picture("a.png", gray: 250)
    for try await _ in try pipeline(counting).results(of: Array(repeating: path, count: 400), settings: settings) {
      taken += 1
      // Lets the others do what they may.
      if taken.isMultiple(of: 40) { for _ in 0..<200 { await Task.yield() } }
      #expect(counting.seen <= taken + (settings.threads + 3) * settings.batchSize + 1)
    }
    #expect(taken == 400 && counting.seen >= 400)
  }

  /// When `next()` has thrown, no thread decodes any more.
  @Test func cancellingTheTaskEndsTheThreads() async throws {
    let counting = Counting()
    let pipeline = try pipeline(counting)
    let path = try folder.picture("a.png", gray: 250)
    let started = Counting.Counter()
    let task = Task {
      var taken = 0
      do {
        let paths = Array(repeating: path, count: 100_000)
        for try await _ in try pipeline.results(of: paths, settings: .init(batchSize: 4, threads: 2)) {
          taken += 1
          started.count.add(1, ordering: .relaxed)
        }
        Issue.record("it was not cancelled")
      } catch {
        #expect(error is CancellationError)
      }
      let seen = counting.seen
      for _ in 0..<1000 { await Task.yield() }
      #expect(counting.seen == seen && seen < 100_000)
      return taken
    }
    while started.count.load(ordering: .relaxed) == 0 { await Task.yield() }
    task.cancel()
    #expect(await task.value > 0)
  }

  @Test func leavingTheLoopEndsTheThreads() async throws {
    let counting = Counting()
    let path = try folder.picture("a.png", gray: 250)
    let paths = Array(repeating: path, count: 100_000)
    for try await row in try pipeline(counting).results(of: paths, settings: .init(batchSize: 4, threads: 2)) {
      #expect(row.label == "bright")
      break
    }
    #expect(counting.seen <= 1 + 5 * 4 + 1)
  }

  @Test func whatEndsABatchIsThrownOnce() async throws {
    let empty = try folder.folder("empty")
    var iterator = try Brightness.pipeline().results(of: [empty]).makeAsyncIterator()
    await #expect(throws: BatchError.nothingFound(paths: [empty], passedOver: PassedOverFiles())) {
      try await iterator.next()
    }
    #expect(try await iterator.next() == nil)
  }
}
