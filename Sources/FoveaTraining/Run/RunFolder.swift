import Foundation
public import FoveaCore
import FoveaModel

/// A folder with all of one training: what it was begun with, how far it is, and what came of it.
///
/// | file | |
/// |---|---|
/// | `run.json` | what started it, see ``Start`` |
/// | `recipe.yaml`, `network.yaml` | the recipe with all its settings, and the network |
/// | `last.state` | all that it takes to go on, see ``TrainingState`` |
/// | `pass-10.state` | the same after that pass, where it was to be kept |
/// | `best.safetensors` | the model of the best pass so far |
/// | `metrics.jsonl` | the figures of each pass, see ``EpochMetrics`` |
/// | `report.html` | a page about it, by whoever writes one |
public struct RunFolder: Sendable, Equatable {
  /// What a program must know to go on with a training that it has started.
  public struct Start: Codable, Sendable, Equatable {
    /// Of the command, without the program's name.
    public let arguments: [String]
    /// Where relative paths in them start.
    public let folder: String
    public let toolkit: String

    public init(arguments: [String], folder: String) {
      (self.arguments, self.folder, toolkit) = (arguments, folder, Toolkit.version)
    }
  }

  public let path: String

  public init(_ path: String) {
    self.path = path
  }

  public var start: String { file("run.json") }
  public var recipe: String { file("recipe.yaml") }
  public var network: String { file("network.yaml") }
  public var lastState: String { file("last.state") }
  public var bestModel: String { file("best.safetensors") }
  public var metrics: String { file("metrics.jsonl") }
  public var report: String { file("report.html") }

  public func state(afterPass pass: Int) -> String { file("pass-\(pass).state") }

  private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Makes the folder, and writes down what the training is begun with.
  ///
  /// - Parameter removesOlder: whether states and models that lie there are another training's.
  /// - Throws: ``FileError`` where that cannot be written.
  func begin(_ start: Start, _ run: borrowing TrainingRun, removesOlder: Bool) throws {
    // Not the folders above it: where these have gone, nothing is to be kept.
    if !FileManager.default.fileExists(atPath: path) {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      // A program that was killed had no time to remove its unfinished files.
      let isUnfinished = name.hasPrefix(".fovea-") && name.hasSuffix(".partial")
      guard isUnfinished || removesOlder && (name.hasSuffix(".state") || file(name) == bestModel) else { continue }
      try? FileManager.default.removeItem(atPath: file(name))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(encoder.encode(start), to: self.start)
    try write(Data(ConfigurationValue.object(run.record.recipe ?? [:]).yaml.utf8), to: recipe)
    try write(Data(run.description.yaml().utf8), to: network)
  }

  /// Writes the figures of all passes, a line of JSON for each.
  func writeMetrics(_ history: [EpochMetrics]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try write(Data(history.map { try encoder.encode($0) + [UInt8(ascii: "\n")] }.joined()), to: metrics)
  }

  /// What was written when the training began.
  ///
  /// - Throws: ``FileError`` where the folder is none of a training.
  public func readStart() throws(FileError) -> Start {
    let reader = try FileReader(start)
    let bytes = try reader.read(at: 0, count: reader.count)
    do { return try JSONDecoder().decode(Start.self, from: Data(bytes)) } catch {
      throw .unreadable(path: start, reason: "it does not say how a training was begun")
    }
  }

  private func write(_ data: Data, to path: String) throws(FileError) {
    let file = try AtomicFile(path)
    try file.write([UInt8](data))
    try file.commit()
  }
}
