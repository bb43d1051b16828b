import Fovea
import Glibc

extension FilePath {
  /// The paths that arguments name. What the parser hands out is text, in which bytes that are none are lost; the system
  /// still has them.
  static func paths(of arguments: [String]) -> [FilePath] {
    let isWhole = !arguments.contains { $0.unicodeScalars.contains("\u{FFFD}") }
    if isWhole { return arguments.map { FilePath($0) } }
    // Several names may have become the same text; they come in the same order.
    var given: [String: [FilePath]] = [:]
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let path = FilePath(bytes: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
      given[String(decoding: path.bytes, as: UTF8.self), default: []].append(path)
    }
    return arguments.map { text in
      guard let paths = given[text], let path = paths.first else { return FilePath(text) }
      if paths.count > 1 { given[text]?.removeFirst() }
      return path
    }
  }
}
