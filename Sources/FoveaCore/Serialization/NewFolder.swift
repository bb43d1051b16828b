import Glibc

/// A folder that appears whole or not at all; or files that appear so in a folder that is there already.
///
/// The files are written into a folder with a name of its own beside the place or in it, and ``commit()`` renames that, or
/// them. What was made is removed where that does not happen, whether the disk is full or the program is ended.
package final class NewFolder {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  /// The folders above, as far as they were missing.
  private let parents: [String]
  private let isThere: Bool
  /// What must not be written over.
  private let kept: Set<FileIdentity>
  private var names: Set<String> = []
  private var isCommitted = false

  /// - Parameters:
  ///   - mayExist: whether the files may join others, and replace those of the same names.
  ///   - kept: files that they must not replace, since they are read.
  /// - Throws: ``FileError/unwritable(path:reason:)`` where there is something of that name, or nothing can be made there.
  package init(_ path: String, mayExist: Bool = false, keeping kept: [FilePath] = []) throws(FileError) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    var status = stat()
    isThere = lstat(path, &status) == 0
    guard mayExist || !isThere else {
      throw .unwritable(path: path, reason: "it exists already; choose another name or remove it")
    }
    self.path = path
    self.kept = Set(kept.compactMap { FileIdentity($0) })
    let above = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let parent = isThere ? path : above
    parents = try FolderMaking.make(parent)
    do throws(SystemError) {
      let partial = try PartialFile(in: parent, isFolder: true)
      (temporaryPath, descriptor) = (partial.path, partial.descriptor)
    } catch {
      FolderMaking.remove(parents)
      throw .unwritable(path: path, reason: error.description)
    }
  }

  deinit {
    close(descriptor)
    guard !isCommitted else { return }
    UnfinishedFiles.abandon(temporaryPath)
    FolderMaking.remove(parents)
  }

  /// Writes a file, with the folders that it needs.
  ///
  /// - Parameter name: below this folder, with slashes.
  package func write(_ text: String, to name: String) throws(FileError) { try write(Array(text.utf8), to: name) }

  /// The same for bytes.
  package func write(_ bytes: [UInt8], to name: String) throws(FileError) {
    if isThere { try checkPlace(of: name) }
    // What is written a second time takes the place of the first.
    names.insert(name)
    let place = temporaryPath + "/" + name
    do throws(FileError) {
      if let slash = place.lastIndex(of: "/") { try FolderMaking.make(String(place[..<slash])) }
      let file = try AtomicFile(place)
      try file.write(bytes)
      try file.commit()
    } catch {
      // Nobody knows the folder by the name that it has for the moment.
      switch error {
      case .unwritable(_, let reason), .unreadable(_, let reason, _):
        throw .unwritable(path: path + "/" + name, reason: reason)
      }
    }
  }

  /// What cannot be replaced is told before anything is.
  private func checkPlace(of name: String) throws(FileError) {
    let place = path + "/" + name
    if let identity = FileIdentity(FilePath(place)), kept.contains(identity) {
      throw .unwritable(path: place, reason: "it is one of the files that are read here; choose another folder")
    }
    if let slash = place.lastIndex(of: "/") { try FolderMaking.make(String(place[..<slash])) }
    _ = try AtomicFile(place)
  }

  /// Puts the folder in its place, in one step; or the files, one after another.
  package func commit() throws(FileError) {
    do throws(SystemError) {
      try UnfinishedFiles.finish(temporaryPath) { () throws(SystemError) in
        guard isThere else {
          guard rename(temporaryPath, path) == 0 else { throw SystemError() }
          return
        }
        for name in names.sorted() {
          let target = AtomicFile.resolve(path + "/" + name)
          guard rename(temporaryPath + "/" + name, target) == 0 else { throw SystemError() }
        }
      }
      // Folders in it are empty now.
      if isThere { UnfinishedFiles.abandon(temporaryPath) }
    } catch { throw .unwritable(path: path, reason: error.description) }
    isCommitted = true
  }
}
