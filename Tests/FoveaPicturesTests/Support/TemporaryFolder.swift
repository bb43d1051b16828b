import Foundation
import FoveaCore
import FoveaImage

/// A folder that goes when the test does.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    return self(name)
  }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }

  /// A picture of one gray.
  @discardableResult
  func picture(_ name: String, gray: UInt8, width: Int = 6, height: Int = 5) throws -> String {
    try ImageEncoder(path: name).write(.gray(gray, width: width, height: height), to: self(name))
    return self(name)
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

extension Image {
  static func gray(_ value: UInt8, width: Int, height: Int) throws -> Image {
    try Image(
      width: width, height: height, channels: 1, pixels: .bytes(Array(repeating: value, count: width * height)))
  }
}
