import Foundation
import FoveaCore

/// The repository's root.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// An empty folder that is removed when its owner ends.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "fovea-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted() }
  }
}

/// A file of the format, put together by hand.
func safeTensorsFile(_ header: String, data: [UInt8] = []) -> [UInt8] {
  let header = Array(header.utf8)
  return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
}

/// Python with the format's reference implementation: the interpreter in `FOVEA_PYTHON`, or `python3`.
enum ReferencePython {
  static let executable = ProcessInfo.processInfo.environment["FOVEA_PYTHON"] ?? "python3"

  static let hasSafeTensors = (try? run("import safetensors.numpy").status) == 0

  static func run(_ script: String, _ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [executable, "-c", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
