import ArgumentParser
import Foundation
import Fovea

/// Measures one work and prints one line of JSON, as each peer's script does.
@main struct FoveaBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fovea-bench", abstract: "Fovea's entrant in the benchmarks: one work, one line of JSON.")

  @Option(help: "One of: \(Work.all.map(\.name).joined(separator: ", ")).") var work: Work
  @Option(help: "How long to measure, after a warm-up.") var seconds = 5.0
  @Option(help: "Cores to use; the environment's FOVEA_BENCH_THREADS, or 2.") var threads: Int?
  @Option(help: "How the cores share a batch: examples, kernels, automatic.") var parallelism = "automatic"
  @Option(help: "Another batch size than the work's own.") var batchSize: Int?
  @Option(help: "Another width and height of the network's input than its own.") var inputSize: Int?
  @Option(
    help: "What convolutions and dense layers multiply: float32, bfloat16, or in use int8.",
    transform: { name in
      guard let precision = Precision(rawValue: name) else { throw ValidationError("there is no precision '\(name)'") }
      return precision
    }) var precision = Precision.float32
  @Flag(help: "Lets the JPEG decoder shrink pictures, in photographs-training and -loading: other pixels.")
  var reducedDecoding = false
  @Option(help: "How many images, for the works that go through a data set or a folder.") var images: Int?

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let settings = BenchSettings(
      seconds: seconds, threads: threads ?? environment["FOVEA_BENCH_THREADS"].flatMap(Int.init) ?? 2,
      parallelism: Parallelism(rawValue: parallelism) ?? .automatic, batchSize: batchSize, inputSize: inputSize,
      images: images, reducedDecoding: reducedDecoding, precision: precision, folder: environment["FOVEA_BENCH_IMAGES"])
    var line = BenchLine(work: work.name)
    do {
      let measurement = try work.measure(settings)
      line.value = measurement.value
      line.unit = measurement.unit
      line.imagesPerSecond = measurement.imagesPerSecond
      line.heldMemoryMB = measurement.heldMemoryMB
    } catch let reason as Unsupported {
      line.unsupported = reason.description
    }
    line.peakMemoryMB = BenchLine.peakMemory
    line.version = "oneDNN \(KernelThreads.backendVersion)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}

/// What a run may set.
struct BenchSettings {
  let seconds: Double
  let threads: Int
  let parallelism: Parallelism
  let batchSize: Int?
  let inputSize: Int?
  let images: Int?
  let reducedDecoding: Bool
  let precision: Precision
  let folder: String?
}

/// This entrant has no such work; the text says why.
struct Unsupported: Error, CustomStringConvertible {
  let description: String
}

/// What is printed.
struct BenchLine: Encodable {
  let peer = "fovea"
  let variant = "default"
  let work: String
  var unit: String?
  var value: Double?
  var imagesPerSecond: Double?
  var heldMemoryMB: Double?
  var peakMemoryMB: Double?
  var version: String?
  var unsupported: String?

  init(work: String) { self.work = work }

  /// The largest resident memory of this process so far, in MB of 2^20 bytes.
  static var peakMemory: Double? {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 }
  }
}
