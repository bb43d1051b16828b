import FoveaImage
import Glibc

/// The names of the pictures and folders in a folder, sorted by their bytes.
///
/// They lie in one block of bytes, as a folder may hold a million of them.
struct FolderNames {
  private var bytes: [UInt8] = []
  private var items: [Item] = []
  /// Files that are no picture by their names.
  private(set) var skipped = 0

  private struct Item {
    let start: Int
    let length: UInt16
    let isFolder: Bool
    let isLink: Bool
  }

  struct Name {
    /// Nil where the name is no text.
    let text: String?
    let isFolder: Bool
    /// Whether a symbolic link leads to it.
    let isLink: Bool
  }

  /// Why a folder cannot be listed.
  struct Failure: Error {
    let reason: String
  }

  init(_ path: String) throws(Failure) {
    guard let stream = opendir(path) else { throw Failure(reason: String(cString: strerror(errno))) }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      add(entry, in: path)
    }
    guard errno == 0 else { throw Failure(reason: String(cString: strerror(errno))) }
    bytes.withUnsafeBufferPointer { bytes in
      items.sort { left, right in
        let common = Int(min(left.length, right.length))
        let order = memcmp(bytes.baseAddress! + left.start, bytes.baseAddress! + right.start, common)
        return order == 0 ? left.length < right.length : order < 0
      }
    }
  }

  var count: Int { items.count }

  subscript(index: Int) -> Name {
    let item = items[index]
    let text = String(validating: bytes[item.start..<item.start + Int(item.length)], as: UTF8.self)
    return Name(text: text, isFolder: item.isFolder, isLink: item.isLink)
  }

  private mutating func add(_ entry: UnsafeMutablePointer<dirent>, in folder: String) {
    let start = bytes.count
    let text = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
        let length = strlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
        let name = UnsafeBufferPointer(start: name, count: length)
        bytes.append(contentsOf: name)
        return String(decoding: name, as: UTF8.self)
      }
    }
    let type = Int(entry.pointee.d_type)
    let kind = PictureFiles.isJunk(text) ? 0 : Self.kind(folder + "/" + text, type)
    // A link that leads nowhere counts as a file, so that it is reported and not overlooked.
    if kind == S_IFDIR || (kind == S_IFREG && PictureFiles.isPicture(text)) {
      items.append(
        Item(
          start: start, length: UInt16(bytes.count - start), isFolder: kind == S_IFDIR, isLink: type == Int(DT_LNK)))
    } else {
      if kind == S_IFREG { skipped += 1 }
      bytes.removeSubrange(start...)
    }
  }

  private static func kind(_ path: String, _ type: Int) -> mode_t {
    if type == Int(DT_DIR) { return S_IFDIR }
    if type == Int(DT_REG) { return S_IFREG }
    var status = stat()
    guard stat(path, &status) == 0 else { return S_IFREG }
    return status.st_mode & S_IFMT
  }
}
