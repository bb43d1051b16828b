import Foundation
import Fovea

/// A folder of JPEG files, decoded in full and shrunk to 64×64, through `cats-and-dogs`, to a list of results.
enum FolderWork {
  /// - Parameters:
  ///   - reduced: whether libjpeg shrinks first, as far as the network's input allows.
  ///   - rows: the format of a file that the results go to, as with `fovea classify --output`.
  static func measure(_ settings: BenchSettings, reduced: Bool = false, rows: String? = nil) throws -> Double {
    guard let folder = settings.folder else {
      throw Unsupported(description: "name the folder of JPEG files in FOVEA_BENCH_IMAGES")
    }
    guard let description = Architecture.named("cats-and-dogs")?.description else {
      throw Unsupported(description: "there is no architecture 'cats-and-dogs'")
    }
    var labelled = description
    labelled.labels = ["cat", "dog"]
    // The architecture has a mind of its own about it.
    for index in labelled.preprocessing.indices where labelled.preprocessing[index].kind == Resize.kind {
      labelled.preprocessing[index].configuration["reducedDecoding"] = .bool(reduced)
    }
    let model = try Model(labelled, registry: .standard, seed: 1998)
    let pipeline = try Pipeline(labelled, model: model, registry: .standard)
    let classifier = try BatchClassifier(pipeline, settings: .init(threads: settings.threads))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard !names.isEmpty else { throw Unsupported(description: "there is no file in \(folder)") }
    let files = names.sorted().map { folder + "/" + $0 }
    let count = settings.images ?? files.count
    // By repetition, to see how cost grows with the number of images: of the folder itself, since a million paths are
    // not for this program to hold.
    let paths = (Array(repeating: folder, count: count / files.count) + files.prefix(count % files.count))
      .map { FilePath($0) }
    _ = try classifier.run(Array(files.prefix(64))) { _ in }
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    repeat {
      done += try run(classifier, paths, rows, like: pipeline.blankResult)
    } while clock.now - start < .seconds(settings.seconds)
    return Double(done) / ((clock.now - start) / .seconds(1))
  }

  private static func run(
    _ classifier: BatchClassifier, _ paths: [FilePath], _ rows: String?, like blank: any TaskResult
  ) throws -> Int {
    guard let rows else { return try classifier.run(paths) { _ in }.count }
    let format = KindDescription(kind: rows)
    let file = NSTemporaryDirectory() + "/fovea-bench-\(ProcessInfo.processInfo.processIdentifier).\(rows)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let writer = try RowWriter(
      Registry.standard.makeRowFormat(format), like: blank, to: .file(file), record: RunRecord(format: format))
    let summary = try classifier.run(paths, takes: writer.takes, batchEnded: writer.batchEnded, each: writer.write)
    try writer.finish()
    return summary.count
  }
}

/// The peak memory of a process that trains `lenet` on 60,000 images held in memory as bytes.
enum MemoryWork {
  static func measure(_ settings: BenchSettings) throws -> Measurement {
    guard let description = Architecture.named("lenet")?.description else {
      throw Unsupported(description: "there is no architecture 'lenet'")
    }
    let registry = Registry.standard
    let model = try Model(description, registry: registry, seed: 1998)
    let source = RandomBytes(count: settings.images ?? 60_000)
    var trainer = try Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 10, threads: settings.threads, seed: 1998)
    let preprocessing = try description.preprocessing.map { step throws(ModelError) in
      try registry.makePreprocessing(step)
    }
    let loader = try BatchLoader(
      Dataset(source), preprocessing: preprocessing, settings: .init(batchSize: 128, seed: 1998))
    let clock = ContinuousClock()
    let start = clock.now
    var epoch = 0
    repeat {
      epoch += 1
      let stream = loader.batches(epoch: epoch)
      while let batch = try stream.next() { _ = try trainer.step(batch.inputs, targets: batch.targets) }
    } while clock.now - start < .seconds(settings.seconds)
    let rate = Double(epoch * source.count) / ((clock.now - start) / .seconds(1))
    return Measurement(
      value: BenchLine.peakMemory ?? 0, unit: "MB", imagesPerSecond: rate, heldMemoryMB: source.heldMemory)
  }
}

/// MNIST's size and shape, in random bytes. More images than MNIST has are its own again: the data shall not grow with
/// their number, so that one sees whether anything else does.
private struct RandomBytes: DatasetSource {
  let name = "random bytes"
  let labels = (0..<10).map(String.init)
  let count: Int
  private let distinct: Int
  private let bytes: [UInt8]

  init(count: Int) {
    self.count = count
    distinct = min(count, 60_000)
    var random = SeededRandom(seed: 1998)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(distinct * 784)
    for _ in 0..<distinct * 98 {
      let word = random.next()
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    self.bytes = bytes
  }

  /// In MB of 2^20 bytes.
  var heldMemory: Double { Double(bytes.count) / 1_048_576 }

  func target(at index: Int) -> Int { index % 10 }
  func identifier(at index: Int) -> String { "random image \(index)" }
  var byteShape: Shape? { [1, 28, 28] }

  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    let start = index % distinct * 784
    do {
      return try Image(width: 28, height: 28, channels: 1, pixels: .bytes(Array(bytes[start..<start + 784])))
    } catch { throw .image(identifier: identifier(at: index), error: error) }
  }

  func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    let start = index % distinct * 784
    for i in 0..<784 { target[i] = bytes[start + i] }
  }
}
