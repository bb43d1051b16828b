import Foundation
import FoveaCore
import FoveaImage

@testable import FoveaData

/// A folder of a test's own, gone with its last owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fovea-data-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    return path + "/" + name
  }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    if let slash = name.lastIndex(of: "/") { try folder(String(name[..<slash])) }
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  /// A picture whose every value is `value`.
  @discardableResult
  func writePicture(_ value: UInt8, to name: String, width: Int = 5, height: Int = 3, channels: Int = 3) throws
    -> String
  {
    let image = try Image(
      width: width, height: height, channels: channels,
      pixels: .bytes(Array(repeating: value, count: width * height * channels)))
    return try write(try ImageEncoder.png().encode(image), to: name)
  }

  /// IDX files of a part: picture n is 4 wide, 3 high, and its bytes count up from n; its label is n mod 10.
  func writeDigits(
    count: Int, prefix: String = "train", separator: String = "-", ending: String = "", height: Int = 3, width: Int = 4
  ) throws {
    let area = height * width
    let pixels = (0..<count * area).map { UInt8(truncatingIfNeeded: $0 / area + $0 % area) }
    try IDXWriter.write(
      pixels, dimensions: [count, height, width], to: "\(path)/\(prefix)-images\(separator)idx3-ubyte\(ending)")
    try IDXWriter.write(
      (0..<count).map { UInt8($0 % 10) }, dimensions: [count],
      to: "\(path)/\(prefix)-labels\(separator)idx1-ubyte\(ending)")
  }
}
