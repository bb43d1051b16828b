import Fovea

/// A text that a command writes besides its results, such as a chart.
enum TextFile {
  /// - Throws: ``FileError`` where the file could not be written, before any work is done.
  static func check(_ path: String?) throws(FileError) {
    if let path { _ = try AtomicFile(path) }
  }

  /// Whole or not at all.
  static func write(_ text: String, to path: String) throws(FileError) {
    let file = try AtomicFile(path)
    try file.write(Array(text.utf8))
    try file.commit()
  }
}
