import ArgumentParser
import Fovea

/// What is measured; the peers have the same.
struct Work: Sendable {
  let name: String
  let measure: @Sendable (BenchSettings) throws -> Measurement

  static let all: [Work] =
    NetworkWork.Subject.all.flatMap { subject in subject.modes.map { Work(subject, $0) } } + [
      Work("folder-jpeg", "images/s") { try FolderWork.measure($0) },
      Work("folder-jpeg-reduced", "images/s") { try FolderWork.measure($0, reduced: true) },
      Work("folder-jpeg-csv", "images/s") { try FolderWork.measure($0, rows: "csv") },
      Work("folder-jpeg-sqlite", "images/s") { try FolderWork.measure($0, rows: "sqlite") },
      Work("photographs-training", "images/s") { try PhotographsWork($0).training() },
      Work("photographs-loading", "images/s") { try PhotographsWork($0).loading() },
      Work("photographs-decoding", "images/s") { try PhotographsWork($0).decoding() },
      Work("photographs-decoding-reduced", "images/s") { try PhotographsWork($0).decoding(reduced: true) },
      Work("explain-gradcam", "images/s") { try ExplanationWork($0).gradCAM() },
      Work("explain-photographs", "images/s") { try ExplanationWork($0).photographs() },
      Work("explain-occlusion", "images/s") { try ExplanationWork($0).occlusion() },
      Work("explain-rise", "images/s") { try ExplanationWork($0).rise() },
      Work(name: "memory-lenet-training", measure: { try MemoryWork.measure($0) }),
      Work("cold-start", "s") { _ in throw Unsupported(description: "the driver times `fovea classify` itself") },
    ]

  init(name: String, measure: @escaping @Sendable (BenchSettings) throws -> Measurement) {
    self.name = name
    self.measure = measure
  }

  private init(_ name: String, _ unit: String, _ value: @escaping @Sendable (BenchSettings) throws -> Double) {
    self.init(name: name) { Measurement(value: try value($0), unit: unit) }
  }

  private init(_ subject: NetworkWork.Subject, _ mode: NetworkWork.Mode) {
    self.init(name: "\(subject.name)-\(mode)") { settings in
      let network = try NetworkWork(subject, settings)
      return Measurement(
        value: try network.measure(mode, settings), unit: mode == .latency ? "µs" : "images/s",
        heldMemoryMB: network.heldMemory)
    }
  }
}

extension Work: ExpressibleByArgument {
  init?(argument: String) {
    guard let work = Self.all.first(where: { $0.name == argument }) else { return nil }
    self = work
  }
}

/// What came of a work.
struct Measurement {
  let value: Double
  let unit: String
  /// Where the value is something else.
  var imagesPerSecond: Double?
  /// What the images take that the measurement itself holds.
  var heldMemoryMB: Double?
}
