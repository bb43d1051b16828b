import FoveaCore
import FoveaImage
import Glibc

/// The names of the pictures and folders in a folder, sorted by their bytes.
///
/// They lie in one block of bytes, as a folder may hold a million of them.
struct FolderNames {
  private var bytes: [UInt8] = []
  private var items: [Item] = []
  private(set) var passedOver = PassedOverFiles()

  private struct Item {
    let start: Int
    let length: UInt16
    let isFolder: Bool
    let isLink: Bool
  }

  struct Name {
    let bytes: ArraySlice<UInt8>
    let isFolder: Bool
    /// Whether a symbolic link leads to it.
    let isLink: Bool
  }

  /// Why a folder cannot be listed.
  struct Failure: Error {
    let reason: String
  }

  init(_ path: FilePath) throws(Failure) {
    guard let stream = path.withCString({ opendir($0) }) else {
      throw Failure(reason: String(cString: strerror(errno)))
    }
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
    return Name(
      bytes: bytes[item.start..<item.start + Int(item.length)], isFolder: item.isFolder, isLink: item.isLink)
  }

  private mutating func add(_ entry: UnsafeMutablePointer<dirent>, in folder: FilePath) {
    let start = bytes.count
    withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
        let length = strlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: length))
      }
    }
    let name = bytes[start...]
    // Endings and junk are told by ASCII alone, whatever else is in the name.
    let text = String(decoding: name, as: UTF8.self)
    let type = Int(entry.pointee.d_type)
    if !PictureFiles.isJunk(text) {
      let kind = Self.kind(folder, name, type)
      let reason = kind == S_IFDIR ? nil : PassedOverFiles.Reason(name: text, isRegularFile: kind == S_IFREG)
      if let reason {
        passedOver.add(FileName.printable(name), reason)
      } else {
        items.append(
          Item(
            start: start, length: UInt16(bytes.count - start), isFolder: kind == S_IFDIR, isLink: type == Int(DT_LNK)))
        return
      }
    }
    bytes.removeSubrange(start...)
  }

  private static func kind(_ folder: FilePath, _ name: ArraySlice<UInt8>, _ type: Int) -> mode_t {
    if type == Int(DT_DIR) { return S_IFDIR }
    if type == Int(DT_REG) { return S_IFREG }
    var status = stat()
    // A link that leads nowhere counts as a file, so that it is reported and not overlooked.
    guard folder.appending(name).withCString({ stat($0, &status) }) == 0 else { return S_IFREG }
    return status.st_mode & S_IFMT
  }
}
