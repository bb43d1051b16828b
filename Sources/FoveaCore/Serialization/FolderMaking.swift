import Glibc

package enum FolderMaking {
  /// Makes a folder and those above it, where they are missing.
  ///
  /// - Returns: the folders that were made, the uppermost first.
  @discardableResult
  package static func make(_ path: String) throws(FileError) -> [String] {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .unwritable(path: path, reason: "it is a file and no folder; choose another name")
      }
      return []
    }
    var made: [String] = []
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { made = try make(String(path[..<slash])) }
    guard mkdir(path, 0o777) == 0 else {
      if errno == EEXIST { return made }
      let error = SystemError()
      remove(made)
      throw .unwritable(path: path, reason: error.description)
    }
    return made + [path]
  }

  /// Takes back what ``make(_:)`` made, unless something lies there now.
  package static func remove(_ made: [String]) {
    for path in made.reversed() { rmdir(path) }
  }
}
