import CFoveaPlugin
import Foundation
import FoveaCore

/// Small libraries of C code, each with one thing wrong, in a folder that ends with the value.
final class LibraryMaker: Sendable {
  let folder: String

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What `fovea_plugin_information` returns, in C.
  struct Information {
    var api = "FOVEA_PLUGIN_API"
    var compiler = quoted(LibraryMaker.compiler)
    var toolkit = "FOVEA_TOOLKIT_VERSION"
    func code(_ name: String) -> String {
      """
      const struct fovea_plugin_information *fovea_plugin_information_\(name)(void) {
        static const struct fovea_plugin_information information = {\(api), \(compiler), \(toolkit)};
        return &information;
      }
      """
    }
  }

  /// The compiler that this test was built with.
  static let compiler = String(cString: fovea_information_of_this_build()!.pointee.compiler)
  static let trap = "__builtin_trap();"

  init() throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-plugin-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    folder = place.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func quoted(_ text: String) -> String { "\"" + text.replacingOccurrences(of: "\"", with: "\\\"") + "\"" }

  /// The function by which a plugin hands itself over.
  static func enter(_ name: String, _ body: String = trap) -> String {
    "void fovea_plugin_enter_\(name)(void *slot) { \(body) }"
  }

  /// A statement that hands over a type of this test, by its address in this process.
  static func handingOver(_ function: @convention(c) (UnsafeMutableRawPointer) -> Void) -> String {
    let address = UInt(bitPattern: unsafeBitCast(function, to: UnsafeRawPointer.self))
    return "((void (*)(void *))\(address)ul)(slot);"
  }

  /// A sound plugin, but for what `information` and `enter` say otherwise.
  func plugin(_ name: String, _ information: Information = Information(), enter: String = trap) throws -> String {
    try library(name, information.code(name) + "\n" + Self.enter(name, enter))
  }

  /// Compiles a library and returns its path.
  func library(_ name: String, _ code: String, options: [String] = ["-shared", "-fPIC"]) throws -> String {
    let source = "\(folder)/\(name).c"
    let headers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/CFoveaPlugin/include").path
    try ("#include <CFoveaPlugin.h>\n" + code + "\n").write(toFile: source, atomically: true, encoding: .utf8)
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let result = "\(folder)/lib\(name).so"
    compiler.arguments = ["cc", "-I", headers, source, "-o", result] + options
    let complaints = Pipe()
    compiler.standardError = complaints
    try compiler.run()
    let said = complaints.fileHandleForReading.readDataToEndOfFile()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw Failure(description: String(decoding: said, as: UTF8.self)) }
    return result
  }

  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }
}
