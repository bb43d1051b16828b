import Foundation
public import FoveaCore
public import FoveaImage
import FoveaModel
import Synchronization

/// Takes pictures from files and folders through a pipeline, any number of them, and hands out the results in order.
///
/// Threads decode pictures one by one; whoever completes a batch takes it through the network while the others go on
/// decoding. The order of the results, and the batches that pictures are in, do not depend on the threads.
public struct BatchClassifier: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Pictures that go through the network together.
    public var batchSize = 32
    /// Threads that decode and compute; the caller's own only hands out results.
    public var threads = ProcessInfo.processInfo.activeProcessorCount

    public init(batchSize: Int? = nil, threads: Int? = nil) {
      self.batchSize = batchSize ?? self.batchSize
      self.threads = threads ?? self.threads
    }
  }

  /// What a batch came to.
  public struct Summary: Sendable, Equatable {
    /// Pictures and folders that could not be listed, whether they were to have a row or not.
    public var inputs = 0
    /// Rows.
    public var count = 0
    /// Rows with an error.
    public var failures = 0
    /// Files in folders that were passed over.
    public var passedOver = PassedOverFiles()

    /// - Parameter inputs: as many as rows where nil.
    public init(
      count: Int = 0, failures: Int = 0, passedOver: PassedOverFiles = PassedOverFiles(), inputs: Int? = nil
    ) {
      self.inputs = inputs ?? count
      self.count = count
      self.failures = failures
      self.passedOver = passedOver
    }
  }

  private let pipeline: Pipeline
  private let settings: Settings
  /// Saves what can be seen of each result, on the threads that compute it; nil where nobody wants to see it.
  public var pictures: ResultPictures?

  /// - Throws: ``BatchError/invalidSetting(name:expected:got:)``
  public init(_ pipeline: Pipeline, settings: Settings = Settings()) throws(BatchError) {
    for (name, value, range) in [
      ("batch size", settings.batchSize, 1...65_536), ("threads", settings.threads, 1...1_024),
    ] where !range.contains(value) {
      throw .invalidSetting(
        name: name, expected: "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
    }
    self.pipeline = pipeline
    self.settings = settings
  }

  /// Calls `each` on this thread with one row for each picture: in the order of `paths`, in a folder by name.
  ///
  /// A picture that cannot be read or does not go with the model, and a folder that cannot be listed, is a row too.
  ///
  /// - Parameters:
  ///   - cancellation: ends the batch soon after it is cancelled.
  ///   - takes: whether the input of a number, from 1, and a path is to have a row; asked on any thread, one after the other.
  ///   - batchEnded: is called behind the last row of each of the batches that go through the network.
  /// - Throws: ``BatchError`` where nothing is found, the network itself fails or somebody has cancelled, and what `each`
  ///   throws.
  public func run(
    _ paths: [FilePath], cancellation: Cancellation? = nil, takes: ((Int, String) -> Bool)? = nil,
    batchEnded: () throws -> Void = {}, each: (ResultRow) throws -> Void
  ) throws -> Summary {
    try run(PictureInputs(paths), cancellation: cancellation, takes: takes, batchEnded: batchEnded, each: each)
  }

  /// The same for pictures from elsewhere. Rows of what comes while the batch runs are handed out as it comes.
  public func run(
    _ inputs: PictureInputs, cancellation: Cancellation? = nil, takes: ((Int, String) -> Bool)? = nil,
    batchEnded: () throws -> Void = {}, each: (ResultRow) throws -> Void
  ) throws -> Summary {
    guard pipeline.pictureNames.count == 1 else {
      throw BatchError.pipeline(.severalInputs(name: pipeline.model.name, inputs: pipeline.pictureNames))
    }
    let source = try inputs.source(pipeline.preprocessor.decoder)
    // Who watches a folder ends that by cancelling, and wants what has come by then.
    let isLive = inputs.watchedFolder != nil
    var summary = Summary()
    repeat {
      try run(
        next: {
          if isLive, cancellation?.isCancelled == true { return nil }
          return switch source.next() {
          case .picture(let input): .pictures(OneOrMore(input))
          case .failure(let name, let reason, let word): .failure(name: name, reason: reason, word)
          case nil: nil
          }
        }, isLive ? nil : cancellation, takes, batchEnded, &summary, each)
    } while source.waits(cancellation)
    if !isLive, cancellation?.isCancelled == true { throw BatchError.cancelled }
    summary.passedOver = source.passedOver
    guard summary.inputs > 0 || isLive else {
      throw BatchError.nothingFound(
        paths: inputs.names, passedOver: summary.passedOver, isChosen: inputs.isChosen, isListed: inputs.list != nil)
    }
    return summary
  }

  /// The same for a network with several inputs: one row for each example, whose path is those of its pictures with `|`
  /// between them.
  ///
  /// - Parameter examples: the paths of each one's pictures, in the order of ``Pipeline/pictureNames``.
  public func run(
    examples: [[FilePath]], cancellation: Cancellation? = nil, takes: ((Int, String) -> Bool)? = nil,
    batchEnded: () throws -> Void = {}, each: (ResultRow) throws -> Void
  ) throws -> Summary {
    let examples = try examples.map { paths in
      guard paths.count == pipeline.pictureNames.count, let pictures = OneOrMore(paths) else {
        throw BatchError.pipeline(.severalInputs(name: pipeline.model.name, inputs: pipeline.pictureNames))
      }
      return pictures
    }
    var rest = examples.makeIterator()
    var summary = Summary()
    try run(
      next: { rest.next().map { .pictures($0.mapped { PictureInput($0) }) } }, cancellation, takes, batchEnded,
      &summary,
      each)
    return summary
  }

  /// The same for pictures that somebody else supplies, such as those of a data set.
  ///
  /// - Parameters:
  ///   - count: how many there are.
  ///   - name: what the row of a picture is called.
  ///   - image: decodes one, on any thread.
  package func run(
    count: Int, name: @escaping (Int) -> String,
    image: @escaping @Sendable (Int, ImageDecoder) throws(ImageError) -> DecodedImage,
    cancellation: Cancellation? = nil, takes: ((Int, String) -> Bool)? = nil, batchEnded: () throws -> Void = {},
    each: (ResultRow) throws -> Void
  ) throws -> Summary {
    guard pipeline.pictureNames.count == 1 else {
      throw BatchError.pipeline(.severalInputs(name: pipeline.model.name, inputs: pipeline.pictureNames))
    }
    var next = 0
    var summary = Summary()
    try run(
      next: {
        guard next < count else { return nil }
        defer { next += 1 }
        return .pictures(OneOrMore(PictureInput(name: name(next), SuppliedPicture(number: next, image: image))))
      }, cancellation, takes, batchEnded, &summary, each)
    return summary
  }

  private struct SuppliedPicture: PictureContent {
    let number: Int
    let image: @Sendable (Int, ImageDecoder) throws(ImageError) -> DecodedImage

    func withImage<Result>(
      by decoder: ImageDecoder, _ body: (DecodedImage) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
      try body(image(number, decoder))
    }
  }

  /// Until there is no next one.
  private func run(
    next: @escaping () -> Step?, _ cancellation: Cancellation?, _ takes: ((Int, String) -> Bool)?,
    _ batchEnded: () throws -> Void, _ summary: inout Summary, _ each: (ResultRow) throws -> Void
  ) throws {
    var inputs = summary.inputs
    func nextTaken() -> (number: Int, step: Step)? {
      while cancellation?.isCancelled != true, let step = next() {
        inputs += 1
        if takes?(inputs, step.path) ?? true { return (inputs, step) }
      }
      return nil
    }
    let (shapes, isOpen) = (pipeline.model.inputs.mapped(\.shape), pipeline.isOpen)
    // Batches of very large pictures are smaller, or a few of them would fill the memory.
    let batchSize = min(settings.batchSize, max(Pipeline.mostValues / max(shapes.reduce(0) { $0 + $1.count }, 1), 1))
    let sizes = isOpen ? InputSizes() : nil
    let work = OrderedWork(
      ahead: 2 + settings.threads,
      next: { () -> OrderedWork<Batch, Outcome, Rows>.Order? in
        var (steps, numbers): ([Step], [Int]) = ([], [])
        let most = sizes?.batchSize(atMost: batchSize) ?? batchSize
        while steps.count < most, let (number, step) = nextTaken() {
          steps.append(step)
          numbers.append(number)
        }
        guard !steps.isEmpty else { return nil }
        var inputs: Tensors?
        do throws(OutOfMemory) {
          inputs =
            try isOpen
            ? nil
            : shapes.mapped { shape throws(OutOfMemory) in
              try Tensor(checkedZeros: shape.batched(steps.count))
            }
        } catch {
          let reason = ModelError.memory(batchSize: steps.count, bytes: error.bytes).description
          steps = steps.map { .failure(name: $0.path, reason: reason, .outOfMemory) }
        }
        return .init(
          Batch(steps: steps, numbers: numbers, inputs: inputs, sizes: sizes), parts: steps.count,
          isLast: steps.count < most)
      }, part: fill, finish: finish)
    // One thread for each core is enough: OpenCV's and the kernels' own would only compete with ours.
    let oneThread = OpenCVThreads.One()
    defer { withExtendedLifetime(oneThread) {} }
    let first = work.begin()
    // For one picture, starting a thread would take longer than the picture.
    if first.parts > 1 || !first.isAll {
      work.start(threads: first.isAll ? min(settings.threads, first.parts) : settings.threads)
    }
    defer { work.cancel(waits: true) }
    while let rows = work.take(cancellation) {
      for row in try rows.get() {
        if cancellation?.isCancelled == true { throw BatchError.cancelled }
        try each(row)
        summary.count += 1
        if row.status == .error { summary.failures += 1 }
      }
      try batchEnded()
    }
    summary.inputs = inputs
    if cancellation?.isCancelled == true { throw BatchError.cancelled }
  }

  /// As ``run(_:cancellation:each:)``, with the paths as text.
  public func run(
    _ paths: [String], cancellation: Cancellation? = nil, each: (ResultRow) throws -> Void
  ) throws -> Summary {
    try run(paths.map { FilePath($0) }, cancellation: cancellation, each: each)
  }

  /// What a row comes from.
  private enum Step {
    /// One for each input.
    case pictures(OneOrMore<PictureInput>)
    /// What cannot be read and may have held pictures.
    case failure(name: String, reason: String, FailureReason)

    var path: String {
      switch self {
      case .pictures(let inputs): inputs.map(\.name).joined(separator: "|")
      case .failure(let name, _, _): name
      }
    }

    /// Of the only picture.
    var content: (any PictureContent)? {
      guard case .pictures(let inputs) = self, inputs.count == 1 else { return nil }
      return inputs.head.content
    }

    var file: FilePath? { (content as? PictureFile)?.path }
  }

  /// Examples that go through the network together.
  private struct Batch {
    let steps: [Step]
    /// Of each among all inputs, from 1.
    let numbers: [Int]
    /// `[examples, …input]` each; whoever has claimed an example writes its rows. Nil where each has a size of its own.
    let inputs: Tensors?
    let sizes: InputSizes?
  }

  /// How large the inputs of an open network have been so far, since nobody knows before: large ones come in small batches.
  private final class InputSizes: Sendable {
    private let largest = Mutex<Int?>(nil)
    private static let unknown = 4

    func note(_ values: Int) { largest.withLock { $0 = max($0 ?? 0, values) } }

    func batchSize(atMost wanted: Int) -> Int {
      let known = largest.withLock(\.self)
      return min(wanted, known.map { max(1, Pipeline.mostValues / max(1, $0)) } ?? Self.unknown)
    }
  }

  /// What became of an example on its way into a batch.
  private enum Outcome {
    /// With where the points of its first picture lie in the input. Its inputs are nil where they are rows of the batch's.
    case ready(warnings: [String], geometry: PictureGeometry, inputs: Tensors?)
    /// Its place is empty, and why.
    case failed(String, FailureReason)

    var ownInputs: Tensors? { if case .ready(_, _, let inputs) = self { inputs } else { nil } }
  }

  private typealias Rows = Result<[ResultRow], BatchError>

  /// Decodes the pictures of an example into its rows, or says what is wrong with one.
  private func fill(_ batch: Batch, _ slot: Int) -> Outcome {
    switch batch.steps[slot] {
    case .failure(_, let reason, let word): return .failed(reason, word)
    case .pictures(let pictures):
      let rows = batch.inputs?.map { input in
        let width = input.shape.withoutBatch.count
        return UnsafeMutableBufferPointer(start: input.address + slot * width, count: width)
      }
      do throws(ImageError) {
        var (warnings, geometry, first) = try fill(rows?[0], pipeline.preprocessors.head, pictures.head)
        var others: [Tensor] = []
        for number in pictures.indices.dropFirst() {
          let other = try fill(rows?[number], pipeline.preprocessors[number], pictures[number])
          warnings += other.warnings
          if let input = other.input { others.append(input) }
        }
        let own = first.map { Tensors($0, others) }
        if let own { batch.sizes?.note(own.reduce(0) { $0 + $1.shape.count }) }
        return .ready(warnings: warnings, geometry: geometry, inputs: own)
      } catch {
        for row in rows ?? [] { row.update(repeating: 0) }
        return .failed(error.description, error.reason)
      }
    }
  }

  /// - Parameter row: where nil, the input is a tensor of its own.
  private func fill(
    _ row: UnsafeMutableBufferPointer<Float>?, _ preprocessor: Preprocessor, _ input: PictureInput
  ) throws(ImageError) -> (warnings: [String], geometry: PictureGeometry, input: Tensor?) {
    try input.content.withImage(by: preprocessor.decoder) { picture throws(ImageError) in
      guard let row else {
        let prepared = try preprocessor.prepare(picture)
        return (picture.warnings, prepared.geometry, prepared.input)
      }
      let geometry = try preprocessor.write(picture, into: row)
      return (picture.warnings, geometry, nil)
    }
  }

  private func finish(_ batch: Batch, _ outcomes: [Outcome]) -> Rows {
    let kernelThreads = KernelThreads.current
    KernelThreads.set(1)
    defer { KernelThreads.set(kernelThreads) }
    // Pictures that failed stay in the batch as zeros, which change no other's outputs.
    let isAllFailed = outcomes.allSatisfy { if case .failed = $0 { true } else { false } }
    return Result { () throws(BatchError) in
      var outputs: ArraySlice<Result<OneOrMore<OutputValues>, PipelineError>> = []
      do throws(PipelineError) {
        if let inputs = batch.inputs {
          if !isAllFailed { outputs = try pipeline.separateOutputs(inputs)[...] }
        } else {
          outputs = try pipeline.separateOutputs(outcomes.compactMap(\.ownInputs))[...]
        }
      } catch { throw .pipeline(error) }
      let rows = batch.steps.indices.map { slot -> ResultRow in
        let (path, file) = (batch.steps[slot].path, batch.steps[slot].file)
        var row: ResultRow
        switch outcomes[slot] {
        case .failed(let error, let reason): row = ResultRow(path: path, error: error, reason: reason, file: file)
        case .ready(let warnings, let geometry, let ownInputs):
          do throws(PipelineError) {
            // Those that failed have a row in a batch of one size, and none among inputs of their own.
            let output = ownInputs == nil ? outputs[slot] : outputs.removeFirst()
            let result = try pipeline.result(of: output.get(), in: geometry)
            row = ResultRow(path: path, result: result, warnings: warnings, file: file)
          } catch {
            row = ResultRow(path: path, error: error.description, reason: error.reason, file: file)
          }
        }
        row.number = batch.numbers[slot]
        return row
      }
      guard let pictures else { return rows }
      do throws(FileError) {
        return try zip(batch.steps, rows).map { step, row throws(FileError) in try pictures.save(row, of: step.content)
        }
      } catch { throw .file(error) }
    }
  }
}
