import FoveaCore
import Glibc

/// The names that a file of rows has about it.
struct RowFiles {
  /// The file itself; where it is a link, what that leads to.
  let path: String
  /// As the user wrote it.
  let name: String
  private let mode: mode_t?
  private let companions: [String]

  /// - Throws: ``FileError/unwritable(path:reason:)`` where nothing can be written there.
  init(_ name: String, _ format: any RowFormat.Type) throws(FileError) {
    (path, mode) = try AtomicFile.place(name)
    self.name = name
    companions = format.companions
  }

  var progress: String { ProgressFile.path(of: path) }
  /// Where rows grow that will replace a file.
  var beside: String { path + ".partial" }
  /// Where rows are put together anew.
  var retry: String { path + ".retry" }

  var isThere: Bool { Self.exists(path) }

  /// Where the rows of a run are.
  func rows(of record: RunRecord) -> String { record.isBeside && Self.exists(beside) ? beside : path }

  /// Puts what has grown beside the file in its place.
  func replace() throws(FileError) {
    guard Self.exists(beside) else { return }
    if let mode { _ = chmod(beside, mode) }
    try move(beside, path)
    AtomicFile.syncFolder(of: path)
  }

  /// With all that belongs to it, which comes first.
  func move(_ source: String, _ target: String) throws(FileError) {
    for ending in companions + [""] where Self.exists(source + ending) {
      guard rename(source + ending, target + ending) == 0 else {
        throw .unwritable(path: target + ending, reason: SystemError().description)
      }
    }
  }

  func remove(_ path: String) { for ending in companions + [""] { unlink(path + ending) } }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
