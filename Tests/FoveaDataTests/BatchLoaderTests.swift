import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct BatchLoaderTests {
  private func settings(
    _ batchSize: Int, threads: Int? = nil, _ change: (inout BatchLoader.Settings) -> Void = { _ in }
  )
    -> BatchLoader.Settings
  {
    var settings = BatchLoader.Settings(batchSize: batchSize, seed: 5)
    settings.threads = threads
    change(&settings)
    return settings
  }

  private static let pipelines: [[any PreprocessingStep]] = [
    [], [Scale()], [ToGrayscale(), Resize(width: 4, height: 4), Scale(lower: -1)],
    [Resize(width: 3, height: 5, interpolation: .bilinear), Scale(), Normalize(mean: [0.3], deviation: [0.7])],
    [Scale(), Resize(width: 6, height: 2)], [Invert(), CenterCrop(width: 2, height: 2), Invert(), Scale()],
    [ToRGB(), Normalize(mean: [1, 2, 3], deviation: [4, 5, 6])],
  ]

  /// Table, cache and threads are shortcuts: what comes out is what the steps give, bit by bit, in every epoch.
  @Test(arguments: pipelines.indices, [(1, 0), (3, 0), (1, 1 << 20)])
  func givesWhatTheStepsGive(pipeline: Int, limits: (channels: Int, cache: Int)) throws {
    let steps = Self.pipelines[pipeline]
    let channels = pipeline == 6 ? 1 : limits.channels
    let dataset = Dataset(SmallSource(count: 11, channels: channels))
    for threads in [0, 3] {
      let loader = try BatchLoader(
        dataset, preprocessing: steps, settings: settings(4, threads: threads) { $0.cacheLimit = limits.cache })
      for epoch in 0..<2 {
        var seen: [Int] = []
        for batch in try loader.batches(epoch: epoch).all() {
          #expect(batch.inputs.shape == loader.inputShape.batched(batch.count))
          let expected = try batch.examples.flatMap { try referenceRow(dataset, $0, steps) }
          #expect(batch.inputs.elements.map(\.bitPattern) == expected.map(\.bitPattern))
          #expect(batch.targets == Targets(batch.examples.map { $0 % 2 }))
          seen += batch.examples
        }
        #expect(seen.sorted() == Array(0..<11))
      }
    }
  }

  @Test(arguments: pipelines.indices)
  func givesWhatTheStepsGiveForIDXFiles(pipeline: Int) throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 13, height: 4, width: 4)
    let dataset = try Dataset.open(folder.path, part: .training)
    let steps = Self.pipelines[pipeline]
    let loader = try BatchLoader(dataset, preprocessing: steps, settings: settings(5))
    for batch in try loader.batches(epoch: 0).all() {
      let expected = try batch.examples.flatMap { try referenceRow(dataset, $0, steps) }
      #expect(batch.inputs.elements.map(\.bitPattern) == expected.map(\.bitPattern))
      #expect(batch.targets == Targets(batch.examples.map { $0 % 10 }))
    }
  }

  @Test func keepsALastPartialBatchAndTheOrderWithoutShuffling() throws {
    let loader = try BatchLoader(
      Dataset(SmallSource(count: 10)), preprocessing: [], settings: settings(4) { $0.shuffles = false })
    #expect(loader.batchCount == 3)
    #expect(try loader.batches(epoch: 3).all().map(\.examples) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(loader.inputShape == [1, 4, 4])
  }

  @Test func shufflesBySeedAndEpochWhateverTheThreads() throws {
    let dataset = Dataset(SmallSource(count: 100))
    func orders(seed: UInt64, threads: Int) throws -> [[Int]] {
      let loader = try BatchLoader(
        dataset, preprocessing: [],
        settings: settings(7, threads: threads) {
          $0.seed = seed
          $0.prefetchedBatches = 2
        })
      return try (0..<3).map { try loader.batches(epoch: $0).all().flatMap(\.examples) }
    }
    let first = try orders(seed: 1, threads: 0)
    #expect(try orders(seed: 1, threads: 4) == first)
    #expect(try orders(seed: 2, threads: 0) != first)
    #expect(Set(first).count == 3)
    #expect(first.allSatisfy { $0.sorted() == Array(0..<100) })
  }

  /// The order of a seed is part of what a training record promises: it may not change unnoticed.
  @Test func keepsItsOrderFromVersionToVersion() throws {
    let loader = try BatchLoader(Dataset(SmallSource(count: 8)), preprocessing: [], settings: settings(8))
    #expect(loader.order(epoch: 0) == [6, 1, 7, 5, 4, 0, 3, 2])
  }

  @Test func augmentsBySeedEpochAndExample() throws {
    let dataset = Dataset(SmallSource(count: 9))
    func batches(seed: UInt64, threads: Int, batchSize: Int, epoch: Int) throws -> [Int: [Float]] {
      let loader = try BatchLoader(
        dataset, preprocessing: [Resize(width: 2, height: 2), Scale()],
        settings: settings(batchSize, threads: threads) {
          $0.seed = seed
          $0.augmentation = { image, random in
            guard image.shape == [1, 2, 2], case .bytes(let bytes) = image.pixels else {
              throw ImageError.failed(kind: "test", message: "not at the network's size: \(image.shape)")
            }
            let shift = UInt8(truncatingIfNeeded: random.next())
            return try Image(width: 2, height: 2, channels: 1, pixels: .bytes(bytes.map { $0 &+ shift }))
          }
        })
      var rows: [Int: [Float]] = [:]
      // A second pass must see the unchanged pictures, not augmented ones from the cache.
      for _ in 0..<2 {
        for batch in try loader.batches(epoch: epoch).all() {
          for (row, example) in batch.examples.enumerated() {
            rows[example] = batch.inputs.rows(row..<row + 1).elements
          }
        }
      }
      return rows
    }
    let first = try batches(seed: 1, threads: 0, batchSize: 4, epoch: 0)
    #expect(try batches(seed: 1, threads: 3, batchSize: 2, epoch: 0) == first)
    #expect(try batches(seed: 1, threads: 0, batchSize: 4, epoch: 1) != first)
    #expect(try batches(seed: 2, threads: 0, batchSize: 4, epoch: 0) != first)
    // Each example draws its own numbers.
    let shifts = try (0..<9).map { example in
      let plain = try referenceRow(dataset, example, [Resize(width: 2, height: 2)])[0]
      return (Int((first[example]![0] * 255).rounded()) - Int(plain) + 256) % 256
    }
    #expect(Set(shifts).count > 5)
  }

  @Test func readsEachPictureOnceWhereTheyFitTheCache() throws {
    let source = SmallSource(count: 20)
    let small = SmallSource(count: 20)
    let loader = try BatchLoader(Dataset(source), preprocessing: [Scale()], settings: settings(6))
    // Room for five of them.
    let tight = try BatchLoader(
      Dataset(small), preprocessing: [Scale()], settings: settings(6, threads: 0) { $0.cacheLimit = 5 * 16 })
    for epoch in 0..<4 {
      _ = try loader.batches(epoch: epoch).all()
      _ = try tight.batches(epoch: epoch).all()
    }
    // One read more finds the shape.
    #expect(source.reads == 21)
    #expect(small.reads == 1 + 20 + 3 * 15)
  }

  @Test(arguments: [0, 2])
  func stopsAtAPictureThatFails(threads: Int) throws {
    let source = SmallSource(count: 20, failing: [9])
    let loader = try BatchLoader(
      Dataset(source), preprocessing: [Scale()], settings: settings(4, threads: threads) { $0.shuffles = false })
    let stream = loader.batches(epoch: 0)
    #expect(try stream.next()?.examples == [0, 1, 2, 3])
    #expect(try stream.next()?.examples == [4, 5, 6, 7])
    #expect(throws: source.failure(9)) { try stream.next() }
    #expect(source.failure(9).description == "cannot decode 'small/9.png': bad")
    #expect(try stream.next() == nil)
    #expect(throws: source.failure(9)) { try loader.load([8, 9]) }
    #expect(try loader.load([8, 10]).targets == [0, 0])
  }

  @Test(arguments: [0, 2])
  func leavesOutPicturesThatFail(threads: Int) throws {
    let source = SmallSource(count: 14, failing: [0, 1, 5, 8, 9, 10, 11])
    let loader = try BatchLoader(
      Dataset(source), preprocessing: [Scale()],
      settings: settings(4, threads: threads) {
        $0.shuffles = false
        $0.failurePolicy = .skip
      })
    let stream = loader.batches(epoch: 0)
    let batches = try stream.all()
    #expect(batches.map(\.examples) == [[2, 3], [4, 6, 7], [12, 13]])
    #expect(batches.map(\.inputs.shape) == [[2, 1, 4, 4], [3, 1, 4, 4], [2, 1, 4, 4]])
    #expect(try batches[1].inputs.elements == [4, 6, 7].flatMap { try referenceRow(loader.dataset, $0, [Scale()]) })
    #expect(stream.failures == [0, 1, 5, 8, 9, 10, 11].map(source.failure))
  }

  /// As if the batches before had been taken.
  @Test(arguments: [0, 2], [0, 1, 2, 3, 4, 5]) func beginsInTheMiddle(threads: Int, first: Int) throws {
    let source = SmallSource(count: 14, failing: [0, 1, 5, 8, 9, 10, 11])
    let loader = try BatchLoader(
      Dataset(source), preprocessing: [Scale()],
      settings: settings(4, threads: threads) {
        $0.shuffles = false
        $0.failurePolicy = .skip
      })
    let stream = loader.batches(epoch: 0, from: first)
    let whole = [[2, 3], [4, 6, 7], [], [12, 13]]
    #expect(try stream.all().map(\.examples) == whole.dropFirst(first).filter { !$0.isEmpty })
    #expect(stream.position == max(first, 4))
    #expect(stream.failures == [0, 1, 5, 8, 9, 10, 11].filter { $0 / 4 >= first }.map(source.failure))
  }

  /// A consumer that stops early must neither wait nor leave threads at work for ever.
  @Test func endsWhenTheConsumerDoes() async throws {
    let source = SmallSource(count: 100_000)
    var loader: BatchLoader? = try BatchLoader(
      Dataset(source), preprocessing: [Scale()],
      settings: settings(2, threads: 3) {
        $0.prefetchedBatches = 3
        $0.cacheLimit = 0
      })
    for _ in 0..<50 {
      let stream = loader!.batches(epoch: 0)
      _ = try stream.next()
    }
    loader = nil
    var before = -1
    // Threads may end what they are at; then nothing is read any more.
    for _ in 0..<200 where before != source.reads {
      before = source.reads
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(before == source.reads)
    #expect(source.reads < 50 * 2 * (1 + 3 + 3) + 1)
  }

  @Test func keepsNoMoreBatchesAheadThanAskedFor() async throws {
    let source = SmallSource(count: 1000)
    let loader = try BatchLoader(
      Dataset(source), preprocessing: [Scale()],
      settings: settings(10, threads: 4) {
        $0.prefetchedBatches = 2
        $0.cacheLimit = 0
      })
    let stream = loader.batches(epoch: 0)
    _ = try stream.next()
    try await Task.sleep(for: .milliseconds(50))
    #expect(source.reads <= 1 + 10 * 3)
    _ = try stream.next()
  }

  /// What is in memory at a time does not grow with the number of pictures.
  @Test(arguments: [100, 3000]) func readsNoFartherAheadHoweverManyThereAre(count: Int) throws {
    let source = SmallSource(count: count)
    let loader = try BatchLoader(
      Dataset(source), preprocessing: [Scale()],
      settings: settings(10, threads: 3) {
        $0.prefetchedBatches = 2
        $0.cacheLimit = 0
      })
    let stream = loader.batches(epoch: 0)
    var taken = 0
    while let batch = try stream.next() {
      taken += batch.count
      // One was read to see its shape.
      #expect(source.reads - 1 - taken <= 10 * 2)
    }
    #expect(taken == count && source.reads == count + 1)
  }

  @Test func refusesPicturesOfDifferentShapes() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "a/1.png", width: 5, height: 3)
    try folder.writePicture(1, to: "a/2.png", width: 4, height: 3)
    let loader = try BatchLoader(
      try Dataset.open(folder.path, part: .training), preprocessing: [ToGrayscale(), Scale()],
      settings: settings(2) { $0.shuffles = false })
    #expect(
      throws: DataError.shape(identifier: folder.path + "/a/2.png", expected: [1, 3, 5], got: [1, 3, 4])
    ) { try loader.batches(epoch: 0).next() }
  }

  @Test func refusesSettingsThatCannotWork() throws {
    let dataset = Dataset(SmallSource(count: 4))
    #expect(throws: DataError.invalidSetting(name: "batch size", expected: "at least 1", got: "0")) {
      try BatchLoader(dataset, preprocessing: [], settings: settings(0))
    }
    #expect(throws: DataError.invalidSetting(name: "threads", expected: "0 to 1024", got: "-1")) {
      try BatchLoader(dataset, preprocessing: [], settings: settings(1, threads: -1))
    }
    #expect(throws: DataError.invalidSetting(name: "prefetched batches", expected: "at least 1", got: "0")) {
      try BatchLoader(dataset, preprocessing: [], settings: settings(1) { $0.prefetchedBatches = 0 })
    }
    #expect(throws: DataError.empty(name: "small", reason: "it has no example")) {
      try BatchLoader(dataset.subset([]), preprocessing: [])
    }
    #expect(throws: DataError.self) { try BatchLoader(dataset, preprocessing: [Resize(width: 0, height: 4)]) }
    let error = #expect(throws: DataError.self) {
      try BatchLoader(dataset, preprocessing: [CenterCrop(width: 9, height: 9)])
    }
    #expect(error?.description.hasPrefix("'small/0.png': centerCrop: expects") == true)
    #expect(
      throws: DataError.unusableImages(
        name: "small", count: 3, of: 3, first: (0..<3).map { SmallSource(count: 3).failure($0).description })
    ) { try BatchLoader(Dataset(SmallSource(count: 3, failing: [0, 1, 2])), preprocessing: []) }
  }

  @Test(arguments: [5, 1 << 31, 1 << 40, .max])
  func aBatchThatIsLargerThanTheDataHoldsAll(size: Int) throws {
    let loader = try BatchLoader(Dataset(SmallSource(count: 4)), preprocessing: [], settings: settings(size))
    #expect(loader.batchCount == 1)
    let stream = loader.batches(epoch: 0)
    #expect(try stream.next()?.count == 4)
    #expect(try stream.next() == nil)
  }

  @Test func namesTheExampleWhoseAugmentationFails() throws {
    struct Refusal: Error, CustomStringConvertible { let description = "no" }
    let loader = try BatchLoader(
      Dataset(SmallSource(count: 4)), preprocessing: [],
      settings: settings(1) {
        $0.shuffles = false
        $0.augmentation = { _, _ in throw Refusal() }
      })
    #expect(throws: DataError.augmentation(identifier: "small/0.png", message: "no")) {
      try loader.batches(epoch: 0).next()
    }
  }

  /// Subsets know their examples by other numbers than the source does.
  @Test func loadsSubsets() throws {
    let dataset = Dataset(SmallSource(count: 10)).subset([9, 2, 2, 5])
    let loader = try BatchLoader(dataset, preprocessing: [Scale()], settings: settings(4) { $0.shuffles = false })
    for epoch in 0..<2 {
      let batch = try #require(try loader.batches(epoch: epoch).next())
      let whole = Dataset(dataset.source)
      #expect(batch.inputs.elements == (try [9, 2, 2, 5].flatMap { try referenceRow(whole, $0, [Scale()]) }))
      #expect(batch.targets == [1, 0, 0, 1])
    }
  }
}
