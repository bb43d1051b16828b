import FoveaCore
import FoveaImage
import Synchronization
import Testing

@testable import FoveaData

struct BatchLoaderCheckTests {
  private func loader(_ source: SmallSource, cacheLimit: Int = 1 << 20) throws -> BatchLoader {
    var settings = BatchLoader.Settings(batchSize: 64, shuffles: false)
    settings.cacheLimit = cacheLimit
    return try BatchLoader(Dataset(source), preprocessing: [Scale()], settings: settings)
  }

  @Test(arguments: [1, 3])
  func findsEveryPictureThatCannotBeUsed(threads: Int) throws {
    // More than the first hundred in a row.
    let failing = Set(0..<150).union([299, 600])
    let source = SmallSource(count: 601, failing: failing)
    var progress: [Int] = []
    let unusable = try loader(source).unusableExamples(on: WorkerPool(count: threads)) { progress.append($0) }
    #expect(unusable == failing.sorted().map { UnusableExample(example: $0, error: source.failure($0)) })
    #expect(progress == [256, 512, 601])
  }

  @Test func keepsWhatItPrepares() throws {
    let source = SmallSource(count: 20, failing: [3, 7])
    let checked = try loader(source)
    let unusable = try checked.unusableExamples(on: WorkerPool(count: 2))
    let reads = source.reads
    let left = try checked.leavingOut(unusable.map(\.example))
    let batch = try #require(try left.batches(epoch: 0).next())
    #expect(source.reads == reads)
    let sound = (0..<20).filter { ![3, 7].contains($0) }
    #expect(batch.targets == Targets(sound.map { $0 % 2 }))
    #expect(try batch.inputs.elements == sound.flatMap { try referenceRow(checked.dataset, $0, [Scale()]) })
    #expect(throws: DataError.empty(name: "small", reason: "none of its images can be used")) {
      try checked.leavingOut(0..<20)
    }
  }

  @Test func checksADataSetByItself() throws {
    let source = SmallSource(count: 10, failing: [2])
    let dataset = Dataset(source).subset([5, 2, 1])
    let expected = [UnusableExample(example: 1, error: source.failure(2))]
    #expect(try dataset.unusableExamples() == expected)
    #expect(try dataset.unusableExamples(preprocessing: [Scale()], threads: 1) == expected)
    #expect(dataset.leavingOut([1]).targets == [1, 1])
  }
}
