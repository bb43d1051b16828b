import Foundation
public import FoveaCore

/// What rows were made with: parts of a run that differ in it do not go together.
public struct RunRecord: Sendable, Equatable, Codable {
  /// Stands for the model's file, to the last byte.
  public var model: String
  /// What else the rows depend on, as the user knows it: `--top` and its value.
  public var options: [String: String]
  public var format: KindDescription
  /// Nil for all inputs.
  public var shard: Shard?
  /// Whether the rows grow beside the file that they will replace.
  var isBeside = false
  private var version = Self.current

  private static let current = 1

  public init(
    model: String = "", options: [String: String] = [:], format: KindDescription = KindDescription(kind: ""),
    shard: Shard? = nil
  ) {
    (self.model, self.options, self.format, self.shard) = (model, options, format, shard)
  }

  /// Of the model in a file, or of several that are averaged.
  public init(
    modelFiles: [String], options: [String: String], format: KindDescription, shard: Shard? = nil
  ) throws(FileError) {
    self.init(
      model: try modelFiles.map { path throws(FileError) in try Fingerprint.ofFile(path).hexadecimal }
        .joined(separator: " "), options: options, format: format, shard: shard)
  }

  /// In what another run differs, in words: what it has first, then what this one has; nil for nothing that matters.
  func difference(from other: RunRecord, includingShard: Bool = true) -> String? {
    if version != other.version { return "another version of the toolkit began it" }
    if model != other.model { return "the model is another" }
    if format != other.format {
      return "--format was \(other.format.kind), and is \(format.kind)"
        + (format.kind == other.format.kind ? " with other settings" : "")
    }
    for name in Set(options.keys).union(other.options.keys).sorted() where options[name] != other.options[name] {
      return "\(name) was \(other.options[name] ?? "not given"), and is \(options[name] ?? "not given")"
    }
    guard includingShard, shard != other.shard else { return nil }
    return "--shard was \(other.shard?.description ?? "not given"), and is \(shard?.description ?? "not given")"
  }

  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// In words, for a format that has a place for it.
  var facts: [String: String] {
    options.merging(["model": model], uniquingKeysWith: { own, _ in own })
  }
}

extension RunRecord {
  init?(line: ArraySlice<UInt8>) {
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
    self = record
  }
}
