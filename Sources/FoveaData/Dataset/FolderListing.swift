import FoveaCore
import FoveaImage
import Glibc

/// What a folder holds, without hidden files and the junk that systems leave behind. All names are sorted.
struct FolderListing {
  /// Files that are pictures by their names.
  private(set) var pictures: [String] = []
  /// Pictures whose names are no UTF-8.
  private(set) var oddPictures: [FilePath] = []
  /// All other files.
  private(set) var files: [String] = []
  /// A link to a folder counts as one.
  private(set) var folders: [String] = []
  /// What is neither a picture nor a folder, and why.
  private(set) var passedOver = PassedOverFiles()

  struct Entry {
    let name: FilePath
    /// Nil where the name is no text.
    let text: String?
    let printable: String
    /// `S_IFDIR`, `S_IFREG` and so on; of a link, of what it leads to.
    let kind: mode_t

    /// Nil where it is a picture, or a folder.
    var reasonToPassOver: PassedOverFiles.Reason? {
      isFolder ? nil : PassedOverFiles.Reason(name: printable, isRegularFile: kind == S_IFREG)
    }

    var isFolder: Bool { kind == S_IFDIR }

    var isPicture: Bool { !isFolder && reasonToPassOver == nil }
  }

  /// - Throws: ``DataError/unreadable(path:reason:)``
  init(_ path: String) throws(DataError) {
    var others: [(name: String, reason: PassedOverFiles.Reason)] = []
    try Self.forEach(path) { entry throws(DataError) in
      if entry.isFolder {
        folders.append(try Self.folderName(entry, in: path))
      } else if let reason = entry.reasonToPassOver {
        others.append((entry.printable, reason))
        if let text = entry.text, entry.kind == S_IFREG { files.append(text) }
      } else if let text = entry.text {
        pictures.append(text)
      } else {
        oddPictures.append(entry.name)
      }
      return true
    }
    pictures.sort()
    oddPictures.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    files.sort()
    folders.sort()
    for other in others.sorted(by: { $0.name < $1.name }) { passedOver.add(other.name, other.reason) }
  }

  /// Calls `body` with everything in a folder that is no junk, in no order, until it returns false.
  static func forEach(_ path: String, _ body: (Entry) throws(DataError) -> Bool) throws(DataError) {
    guard let stream = opendir(path) else { throw .unreadable(path: path, reason: OpenFile.reason()) }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let item = readdir(stream) else { break }
      let entry = entry(item, in: stream)
      if PictureFiles.isJunk(entry.text ?? entry.printable) { continue }
      guard try body(entry) else { return }
    }
    guard errno == 0 else { throw .unreadable(path: path, reason: OpenFile.reason()) }
  }

  /// Whether a picture lies in a folder or anywhere below it.
  ///
  /// - Parameter visited: folders that were looked into, so that links that lead around are followed once.
  static func holdsPicture(_ path: String, visited: inout Set<Identity>) throws(DataError) -> Bool {
    guard visited.insert(try Identity(path)).inserted else { return false }
    var isFound = false
    var folders: [String] = []
    try forEach(path) { entry throws(DataError) in
      isFound = entry.isPicture
      if entry.isFolder { folders.append(try folderName(entry, in: path)) }
      return !isFound
    }
    for folder in folders where !isFound { isFound = try holdsPicture(path + "/" + folder, visited: &visited) }
    return isFound
  }

  /// Whether there is a picture in the folder, and not only below it.
  static func holdsPictureItself(_ path: String) throws(DataError) -> Bool {
    var isFound = false
    try forEach(path) { entry throws(DataError) in
      isFound = entry.isPicture
      return !isFound
    }
    return isFound
  }

  static func folderName(_ entry: Entry, in path: String) throws(DataError) -> String {
    guard let text = entry.text else {
      throw .unreadable(path: path + "/" + entry.printable, reason: "the folder's name is no valid UTF-8; rename it")
    }
    return text
  }

  private static func entry(_ item: UnsafeMutablePointer<dirent>, in stream: OpaquePointer) -> Entry {
    withUnsafePointer(to: &item.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { name in
        let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
        let text = String(validating: bytes, as: UTF8.self)
        return Entry(
          name: FilePath(bytes: bytes), text: text, printable: FileName.printable(bytes),
          kind: kind(name, Int(item.pointee.d_type), in: stream))
      }
    }
  }

  // A link that leads nowhere counts as a file, so that it is reported and not overlooked.
  private static func kind(_ name: UnsafePointer<CChar>, _ type: Int, in stream: OpaquePointer) -> mode_t {
    if type == Int(DT_DIR) { return S_IFDIR }
    if type == Int(DT_REG) { return S_IFREG }
    var status = stat()
    guard fstatat(dirfd(stream), name, &status, 0) == 0 else { return S_IFREG }
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
