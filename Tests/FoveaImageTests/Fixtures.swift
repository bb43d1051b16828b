import Foundation
import FoveaCore

/// The files that `Tests/Fixtures/Generators/image_fixtures.py` makes.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/Images")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func json<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }

  /// An image as numbers, by rows, channels interleaved.
  struct Array: Decodable {
    let width: Int
    let height: Int
    let channels: Int
    let values: [Float]

    func image() throws -> Image {
      try Image(width: width, height: height, channels: channels, pixels: .floats(values))
    }

    func bytes() throws -> Image {
      try Image(width: width, height: height, channels: channels, pixels: .bytes(values.map { UInt8($0) }))
    }
  }
}

/// Pictures that are too large or too many for the repository.
enum SharedData {
  /// Nil where they are absent; tests that need them are skipped then.
  static let folder: URL? = {
    if let path = ProcessInfo.processInfo.environment["FOVEA_SHARED_DATA"] { return URL(fileURLWithPath: path) }
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/" {
      place = place.deletingLastPathComponent()
      let candidate = place.appendingPathComponent("shared/data")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  static func has(_ name: String) -> Bool {
    folder.map { FileManager.default.fileExists(atPath: $0.appendingPathComponent(name).path) } ?? false
  }

  static func files(_ name: String, ending: String) -> [URL] {
    guard let place = folder?.appendingPathComponent(name) else { return [] }
    let found = try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
    return (found ?? []).filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }
  }
}

/// A folder that is there while the body runs.
func withTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

extension Image {
  /// The largest difference of any two values; infinite where the images differ in shape.
  func distance(to other: Image) -> Float {
    guard shape == other.shape else { return .infinity }
    return zip(floats, other.floats).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// For tests that set up pictures by hand.
  static func gray(_ rows: [[UInt8]]) throws -> Image {
    try Image(width: rows[0].count, height: rows.count, channels: 1, pixels: .bytes(rows.flatMap { $0 }))
  }
}
