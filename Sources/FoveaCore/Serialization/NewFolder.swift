import Glibc

/// A folder that appears whole or not at all.
///
/// Its files are written into a folder with a name of its own beside the place, and ``commit()`` renames that. What was
/// made is removed where that does not happen, whether the disk is full or the program is ended.
package final class NewFolder {
  private let path: String
  private let temporaryPath: String
  /// The folders above, as far as they were missing.
  private let parents: [String]
  private var isCommitted = false

  /// - Throws: ``FileError/unwritable(path:reason:)`` where there is something of that name, or nothing can be made there.
  package init(_ path: String) throws(FileError) {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw .unwritable(path: path, reason: "it exists already; choose another name or remove it")
    }
    self.path = path
    let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    parents = try FolderMaking.make(parent)
    temporaryPath = "\(parent)/.fovea-\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    UnfinishedFiles.begin(temporaryPath)
    guard mkdir(temporaryPath, 0o777) == 0 else {
      let error = SystemError()
      UnfinishedFiles.abandon(temporaryPath)
      FolderMaking.remove(parents)
      // So that `deinit` has nothing to do.
      isCommitted = true
      throw .unwritable(path: path, reason: error.description)
    }
  }

  deinit {
    guard !isCommitted else { return }
    UnfinishedFiles.abandon(temporaryPath)
    FolderMaking.remove(parents)
  }

  /// Writes a file, with the folders that it needs.
  ///
  /// - Parameter name: below this folder, with slashes.
  package func write(_ text: String, to name: String) throws(FileError) {
    let place = temporaryPath + "/" + name
    do throws(FileError) {
      if let slash = place.lastIndex(of: "/") { try FolderMaking.make(String(place[..<slash])) }
      let file = try AtomicFile(place)
      try file.write(Array(text.utf8))
      try file.commit()
    } catch {
      // Nobody knows the folder by the name that it has for the moment.
      switch error {
      case .unwritable(_, let reason), .unreadable(_, let reason):
        throw .unwritable(path: path + "/" + name, reason: reason)
      }
    }
  }

  /// Puts the folder in its place, in one step.
  package func commit() throws(FileError) {
    do throws(SystemError) {
      try UnfinishedFiles.finish(temporaryPath) { () throws(SystemError) in
        guard rename(temporaryPath, path) == 0 else { throw SystemError() }
      }
    } catch { throw .unwritable(path: path, reason: error.description) }
    isCommitted = true
  }
}
