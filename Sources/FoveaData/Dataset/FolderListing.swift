import FoveaImage
import Glibc

/// What a folder holds, without hidden files and the junk that systems leave behind.
struct FolderListing {
  /// Names, sorted.
  private(set) var files: [String] = []
  /// Names, sorted. A link to a folder counts as one.
  private(set) var folders: [String] = []

  /// - Throws: ``DataError/unreadable(path:reason:)``
  init(_ path: String) throws(DataError) {
    guard let stream = opendir(path) else { throw .unreadable(path: path, reason: OpenFile.reason()) }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if PictureFiles.isJunk(name) { continue }
      switch Self.kind(of: name, type: Int(entry.pointee.d_type), in: path) {
      case S_IFDIR: folders.append(name)
      case S_IFREG: files.append(name)
      default: break
      }
    }
    guard errno == 0 else { throw .unreadable(path: path, reason: OpenFile.reason()) }
    files.sort()
    folders.sort()
  }

  // A link that leads nowhere counts as a file, so that it is reported and not overlooked.
  private static func kind(of name: String, type: Int, in folder: String) -> mode_t {
    if type == Int(DT_DIR) { return S_IFDIR }
    if type == Int(DT_REG) { return S_IFREG }
    var status = stat()
    guard stat(folder + "/" + name, &status) == 0 else { return S_IFREG }
    return status.st_mode & S_IFMT
  }

  /// Device and number of a folder, which tell whether two paths lead to the same one.
  struct Identity: Hashable {
    let device: dev_t
    let number: ino_t

    init(_ path: String) throws(DataError) {
      var status = stat()
      guard stat(path, &status) == 0 else { throw .unreadable(path: path, reason: OpenFile.reason()) }
      device = status.st_dev
      number = status.st_ino
    }
  }
}
