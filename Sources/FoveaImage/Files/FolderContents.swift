package import FoveaCore
import Glibc

/// What is in a folder, sorted by the bytes of the names, without hidden files and the junk that systems leave behind.
///
/// The names lie in one block of bytes, as a folder may hold a million of them.
package struct FolderContents: RandomAccessCollection {
  package enum Kind: UInt8 {
    /// A link to a folder counts as one.
    case folder
    /// By its name. A link that leads nowhere counts as a file, so that it is reported and not overlooked.
    case picture
    case file
    /// A named pipe, a socket or a device.
    case special
  }

  package struct Entry {
    package let name: ArraySlice<UInt8>
    package let kind: Kind
    /// Whether a symbolic link leads to it.
    package let isLink: Bool

    /// The name as text; a byte that is no UTF-8 is written as `\xE9`.
    package var text: String { FilePath(bytes: name).description }
  }

  private struct Item {
    let start: Int
    let length: UInt16
    let kind: Kind
    let isLink: Bool
  }

  /// What is neither a picture nor a folder, and why.
  package private(set) var passedOver = PassedOverFiles()
  private var bytes: [UInt8] = []
  private var items: [Item] = []

  /// - Parameter others: whether a file counts as a picture although it has no picture's name.
  package init(_ path: FilePath, taking others: (String) -> Bool = { _ in false }) throws(SystemError) {
    try Self.visit(path) { entry in
      let kind = entry.kind == .file && others(entry.text) ? .picture : entry.kind
      items.append(
        Item(start: bytes.count, length: UInt16(entry.name.count), kind: kind, isLink: entry.isLink))
      bytes.append(contentsOf: entry.name)
      return true
    }
    bytes.withUnsafeBufferPointer { bytes in
      items.sort { left, right in
        let common = Int(Swift.min(left.length, right.length))
        let order = memcmp(bytes.baseAddress! + left.start, bytes.baseAddress! + right.start, common)
        return order == 0 ? left.length < right.length : order < 0
      }
    }
    for entry in self {
      guard entry.kind == .file || entry.kind == .special else { continue }
      let reason = PassedOverFiles.Reason(name: entry.text, isRegularFile: entry.kind == .file)
      if let reason { passedOver.add(FileName.printable(entry.name), reason) }
    }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { items.count }

  package subscript(index: Int) -> Entry {
    let item = items[index]
    return Entry(name: bytes[item.start..<item.start + Int(item.length)], kind: item.kind, isLink: item.isLink)
  }

  /// The names of one kind, as text.
  package func names(_ kind: Kind) -> [String] { filter { $0.kind == kind }.map(\.text) }

  /// Calls `body` with everything in a folder that is no junk, in no order, until it returns false.
  package static func visit(_ path: FilePath, _ body: (Entry) -> Bool) throws(SystemError) {
    guard let stream = path.withCString({ opendir($0) }) else { throw SystemError() }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let item = readdir(stream) else { break }
      if let entry = entry(item, in: stream), !body(entry) { return }
    }
    guard errno == 0 else { throw SystemError() }
  }

  /// Nil for junk.
  private static func entry(_ item: UnsafeMutablePointer<dirent>, in stream: OpaquePointer) -> Entry? {
    withUnsafePointer(to: &item.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { name in
        let bytes = Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
        // Endings and junk are told by ASCII alone, whatever else is in the name.
        let text = String(decoding: bytes, as: UTF8.self)
        guard !PictureFiles.isJunk(text) else { return nil }
        let type = Int(item.pointee.d_type)
        let mode = mode(name, type, in: stream)
        let kind: Kind =
          mode == S_IFDIR
          ? .folder : mode != S_IFREG ? .special : PictureFiles.isPicture(text) ? .picture : .file
        return Entry(name: bytes[...], kind: kind, isLink: type == Int(DT_LNK))
      }
    }
  }

  private static func mode(_ name: UnsafePointer<CChar>, _ type: Int, in stream: OpaquePointer) -> mode_t {
    if type == Int(DT_DIR) { return S_IFDIR }
    if type == Int(DT_REG) { return S_IFREG }
    var status = stat()
    guard fstatat(dirfd(stream), name, &status, 0) == 0 else { return S_IFREG }
    return status.st_mode & S_IFMT
  }
}
