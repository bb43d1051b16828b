public import FoveaCore
public import FoveaImage
import Glibc

/// Makes batches of a data set's examples, ahead of whoever computes with them.
///
/// Order, augmentation and batches follow from the seed alone, whatever the number of threads.
public struct BatchLoader: Sendable {
  /// Distorts a picture at random.
  public typealias Augmentation = @Sendable (Image, inout SeededRandom) throws -> Image

  /// What to do with an example whose picture cannot be read.
  public enum FailurePolicy: Sendable, Equatable {
    /// The error ends the epoch.
    case stop
    /// The example is left out; ``BatchStream/failures`` tells.
    case skip
  }

  public struct Settings: Sendable {
    public var batchSize = 32
    /// Whether each epoch has an order of its own.
    public var shuffles = true
    /// Which examples an epoch has, where it shuffles.
    public var sampling = Sampling.shuffled
    public var seed: UInt64 = 0
    /// Sees the picture as it was decoded, before all steps, and may change its size.
    public var pictureAugmentation: Augmentation?
    /// Comes after the steps that change size and colors and before those that only change values, so it sees a picture of
    /// the network's size in 0…255, and must keep its shape.
    public var augmentation: Augmentation?
    /// Change the examples of a batch together, behind all steps.
    public var batchAugmentations: [any BatchAugmentation] = []
    public var failurePolicy = FailurePolicy.stop
    /// Background threads; 0 for none: the caller then makes each batch when it asks for it. Nil takes one for each
    /// processor where pictures must be decoded or resized, and none where a batch is hardly more than a copy.
    public var threads: Int?
    /// The most batches that lie ready or are being made.
    public var prefetchedBatches = 4
    /// Bytes for pictures that are kept from one epoch to the next after decoding and resizing.
    public var cacheLimit = 256 << 20
    /// Where they are kept for later runs too, in place of memory; what has no files of its own is kept in memory.
    public var cacheFolder: String?
    /// How large pictures may be, and what those that are decoded at one time share.
    public var limits = DecodingLimits()

    public init(batchSize: Int = 32, shuffles: Bool = true, seed: UInt64 = 0) {
      self.batchSize = batchSize
      self.shuffles = shuffles
      self.seed = seed
    }

    /// Both stages of a plan; nil for none.
    public mutating func augment(by plan: AugmentationPlan?) {
      func stage(_ chain: AugmentationChain?) -> Augmentation? {
        guard let chain, !chain.isEmpty else { return nil }
        return { image, random in try chain.apply(image, using: &random).image }
      }
      (pictureAugmentation, augmentation) = (stage(plan?.picture), stage(plan?.input))
    }
  }

  public let dataset: Dataset
  public let settings: Settings
  // One for each picture of an example.
  let pipelines: OneOrMore<ExamplePipeline>

  /// - Throws: ``DataError`` for settings that cannot work, an empty data set, or preprocessing that no example passes.
  public init(
    _ dataset: Dataset, preprocessing: [any PreprocessingStep], settings: Settings = Settings()
  ) throws(DataError) {
    try Self.check(settings)
    guard dataset.count > 0 else { throw .empty(name: dataset.name, reason: "it has no example") }
    self.dataset = dataset
    self.settings = settings
    pipelines = OneOrMore(
      try ExamplePipeline(dataset, preprocessing, settings),
      try dataset.pictureNames.indices.dropFirst().map { picture throws(DataError) in
        try ExamplePipeline(dataset.keeping(pictures: [picture]), preprocessing, settings)
      })
  }

  init(_ dataset: Dataset, _ settings: Settings, _ pipelines: OneOrMore<ExamplePipeline>) {
    self.dataset = dataset
    self.settings = settings
    self.pipelines = pipelines
  }

  private static func check(_ settings: Settings) throws(DataError) {
    guard settings.batchSize > 0 else {
      throw .invalidSetting(name: "batch size", expected: "at least 1", got: "\(settings.batchSize)")
    }
    guard settings.prefetchedBatches > 0 else {
      throw .invalidSetting(name: "prefetched batches", expected: "at least 1", got: "\(settings.prefetchedBatches)")
    }
    if let threads = settings.threads, !(0...1024).contains(threads) {
      throw .invalidSetting(name: "threads", expected: "0 to 1024", got: "\(threads)")
    }
  }

  /// `[channels, height, width]` of every input, after preprocessing.
  public var inputShape: Shape { pipelines.head.inputShape }

  /// The same of each picture of an example.
  public var inputShapes: OneOrMore<Shape> { pipelines.mapped(\.inputShape) }

  /// Batches in an epoch; the last one may be smaller.
  public var batchCount: Int { (dataset.count + batchSize - 1) / batchSize }

  /// No more than there are, so that sums of it stay in range.
  private var batchSize: Int { min(settings.batchSize, dataset.count) }

  /// The examples' numbers in the order of an epoch.
  public func order(epoch: Int) -> [Int] { packedOrder(epoch: epoch).map { Int($0) } }

  // Half as wide: a million examples are not to be felt.
  private func packedOrder(epoch: Int) -> [UInt32] {
    var order = Array(0..<UInt32(dataset.count))
    if settings.shuffles {
      var random = SeededRandom(seed: SeededOrder.seed(settings.seed, UInt64(truncatingIfNeeded: epoch)))
      if settings.sampling == .balanced { order = balancedOrder(using: &random) ?? order }
      SeededOrder.shuffle(&order, using: &random)
    }
    return order
  }

  package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The batches of an epoch, in order. Threads start at once, and end with the stream.
  ///
  /// - Parameter first: the number of the batch to begin with; the others are as if all had been taken.
  public func batches(epoch: Int, from first: Int = 0) -> BatchStream {
    let order = packedOrder(epoch: epoch)
    let threads = settings.threads ?? (pipelines.allSatisfy(\.isCheap) ? 0 : Self.processorCount)
    let size = batchSize
    return BatchStream(
      first..<max(first, batchCount), threads: min(threads, batchCount), ahead: settings.prefetchedBatches
    ) { number in
      let examples = order[number * size..<min((number + 1) * size, order.count)].map { Int($0) }
      return Result { () throws(DataError) in try make(examples, epoch: epoch) }
    }
  }

  /// The examples given as one batch, made here and now.
  ///
  /// - Throws: ``DataError`` of the first example that fails, whatever the failure policy.
  public func load(_ examples: [Int], epoch: Int = 0) throws(DataError) -> Batch {
    let loaded = try make(examples, epoch: epoch)
    if let failure = loaded.failures.first { throw failure }
    return loaded.batch
  }

  private func make(_ examples: [Int], epoch: Int) throws(DataError) -> LoadedBatch {
    // Where a tensor gets no memory, the program ends.
    let bytes = inputShapes.reduce(0) { $0 + $1.count } * examples.count * MemoryLayout<Float>.stride
    do throws(OutOfMemory) { try OutOfMemory.check(bytes) } catch {
      throw .invalidSetting(
        name: "the batch", expected: "one for which there is memory",
        got: "\(examples.count.counted("example")) of \(bytes / 1_000_000) MB together")
    }
    var inputs = inputShapes.mapped { Tensor(uninitialized: $0.batched(examples.count)) }
    var kept: [Int] = []
    var failures: [DataError] = []
    let width = inputShapes.reduce(0) { max($0, $1.count) }
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: width)
    defer { scratch.deallocate() }
    for example in examples {
      do throws(DataError) {
        try pipelines.head.write(example, epoch: epoch, scratch: scratch, row: kept.count, of: &inputs.head)
        for (number, pipeline) in pipelines.tail.enumerated() {
          try pipeline.write(example, epoch: epoch, scratch: scratch, row: kept.count, of: &inputs.tail[number])
        }
        kept.append(example)
      } catch {
        if settings.failurePolicy == .stop { throw error }
        failures.append(error)
      }
    }
    if kept.count < examples.count { inputs = inputs.rows(0..<kept.count) }
    let others = dataset.targetDescriptions.indices.dropFirst().map { dataset.targets(of: kept, target: $0) }
    var targets = OneOrMore(dataset.targets(of: kept), others)
    if !settings.batchAugmentations.isEmpty { augment(&inputs, &targets, of: kept, epoch: epoch) }
    return LoadedBatch(batch: Batch(allInputs: inputs, allTargets: targets, examples: kept), failures: failures)
  }

  private func augment(_ inputs: inout Tensors, _ targets: inout OneOrMore<Targets>, of examples: [Int], epoch: Int) {
    guard let first = examples.first,
      var batch = MixedBatch(inputs, targets, classes: dataset.targetDescriptions.map(\.labels.count))
    else { return }
    // An example comes once in an epoch, so that each batch has numbers of its own, whoever makes it.
    var random = SeededRandom(
      seed: SeededOrder.seed(settings.seed, UInt64(truncatingIfNeeded: epoch), UInt64(dataset.sourceIndex(first)), 1))
    for augmentation in settings.batchAugmentations { augmentation.apply(to: &batch, using: &random) }
    (inputs, targets) = (batch.inputs, batch.targets)
  }
}

extension ExamplePipeline {
  fileprivate func write(
    _ example: Int, epoch: Int, scratch: UnsafeMutableBufferPointer<UInt8>, row: Int, of inputs: inout Tensor
  ) throws(DataError) {
    let width = inputShape.count
    try inputs.withUnsafeMutableFloats { floats throws(DataError) in
      let place = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
      try write(example, epoch: epoch, scratch: scratch, into: place)
    }
  }
}
