import CZlib
import FoveaCore
import FoveaImage
import Glibc
import Synchronization

/// Prepared pictures in a file, for later runs too: each has a place of its own.
///
/// Its key stands for the data and the steps: a file with another key is made anew. What belongs in a place is the same whoever
/// writes it, and counts only together with its checksum, so that several runs may share a file, and one that is killed in the
/// middle of a write, or a machine that loses power, leaves no wrong picture behind. All of the file's blocks are taken when
/// it is made: a disk that is full is told then.
final class PreparedFile: @unchecked Sendable {
  /// Pictures that have a place.
  let capacity: Int
  private let itemByteCount: Int
  private let tableByteCount: Int
  // Written by whoever prepares a picture; read where a checksum is seen.
  private let mapping: UnsafeMutableRawBufferPointer
  /// Which places were held against their checksums already.
  private let known: Mutex<[Bool]>

  private static let ending = ".prepared"
  private static let headerByteCount = 4096

  /// - Parameters:
  ///   - name: of the file, without its ending: the same for the same data and steps, whatever state the data is in.
  ///   - key: another for every state of the data.
  ///   - limit: bytes for all such files in the folder; the oldest ones make room.
  /// - Throws: ``DataError/unwritable(path:reason:)``
  init(
    in folder: String, name: String, key: UInt64, count: Int, itemByteCount: Int, limit: Int
  ) throws(DataError) {
    self.itemByteCount = itemByteCount
    capacity = min(count, limit / max(1, itemByteCount + 4))
    tableByteCount = (capacity * 4 + 4095) / 4096 * 4096
    let byteCount = Self.headerByteCount + tableByteCount + capacity * itemByteCount
    let header = [0x666F_7665_615F_7031, key, UInt64(itemByteCount), UInt64(capacity)]
      .flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) } }
    let path = "\(folder)/\(name)\(Self.ending)"
    do {
      try FolderMaking.make(folder)
      let descriptor: Int32
      if let found = Self.open(path, header, byteCount) {
        descriptor = found
      } else {
        Self.makeRoom(in: folder, for: byteCount, limit: limit, replacing: name + Self.ending)
        descriptor = try Self.create(path, in: folder, header, byteCount)
      }
      defer { close(descriptor) }
      let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
      guard let address, address != MAP_FAILED else { throw SystemError() }
      mapping = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    } catch let error as FileError {
      throw .unwritable(path: path, reason: error.description)
    } catch { throw .unwritable(path: path, reason: "\(error)") }
    known = Mutex(Array(repeating: false, count: capacity))
  }

  deinit { munmap(mapping.baseAddress, mapping.count) }

  /// A picture, where it was stored.
  func bytes(of index: Int) -> UnsafeRawBufferPointer? {
    guard index < capacity else { return nil }
    let place = UnsafeRawBufferPointer(self.place(index))
    if known.withLock({ $0[index] }) { return place }
    let sum = table[index]
    guard sum != 0, sum == Self.checksum(place) else { return nil }
    known.withLock { $0[index] = true }
    return place
  }

  /// - Parameter write: fills the picture's place.
  func store(at index: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
    guard index < capacity else { return }
    let place = place(index)
    write(place)
    table[index] = Self.checksum(UnsafeRawBufferPointer(place))
    known.withLock { $0[index] = true }
  }

  private var table: UnsafeMutablePointer<UInt32> {
    (mapping.baseAddress! + Self.headerByteCount).assumingMemoryBound(to: UInt32.self)
  }

  private func place(_ index: Int) -> UnsafeMutableRawBufferPointer {
    let start = Self.headerByteCount + tableByteCount + index * itemByteCount
    return UnsafeMutableRawBufferPointer(rebasing: mapping[start..<start + itemByteCount])
  }

  /// Never 0, which stands for no picture.
  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return max(1, UInt32(truncatingIfNeeded: crc32(0, start, UInt32(clamping: bytes.count))))
  }

  /// Nil where there is no such file with this header.
  private static func open(_ path: String, _ header: [UInt8], _ byteCount: Int) -> Int32? {
    let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    var found = [UInt8](repeating: 0, count: header.count)
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == byteCount,
      pread(descriptor, &found, found.count, 0) == found.count, found == header
    else {
      close(descriptor)
      return nil
    }
    // The one that was used last goes last.
    futimens(descriptor, nil)
    return descriptor
  }

  private static func create(
    _ path: String, in folder: String, _ header: [UInt8], _ byteCount: Int
  ) throws -> Int32 {
    // Of the same ending as all, so that one which a killed run has left makes room in its turn.
    let temporary = "\(folder)/\(String(UInt64.random(in: .min ... .max), radix: 36))\(ending)"
    UnfinishedFiles.begin(temporary)
    let descriptor = Glibc.open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    do {
      guard descriptor >= 0 else { throw SystemError() }
      let failure = posix_fallocate(descriptor, 0, byteCount)
      guard failure == 0 else {
        errno = failure
        throw SystemError()
      }
      guard pwrite(descriptor, header, header.count, 0) == header.count else { throw SystemError() }
      guard rename(temporary, path) == 0 else { throw SystemError() }
      UnfinishedFiles.abandon(temporary)
      return descriptor
    } catch {
      if descriptor >= 0 { close(descriptor) }
      UnfinishedFiles.abandon(temporary)
      throw error
    }
  }

  /// Removes the oldest of the other files until the new one is within the limit. A run that uses one keeps it to its end.
  private static func makeRoom(in folder: String, for byteCount: Int, limit: Int, replacing own: String) {
    var files: [(path: String, size: Int, time: Int)] = []
    try? FolderContents.visit(FilePath(folder)) { entry in
      var status = stat()
      let path = folder + "/" + entry.text
      if entry.text.hasSuffix(ending), entry.text != own, stat(path, &status) == 0 {
        files.append((path, Int(status.st_size), status.st_mtim.tv_sec))
      }
      return true
    }
    var total = files.reduce(byteCount) { $0 + $1.size }
    for file in files.sorted(by: { $0.time < $1.time }) where total > limit {
      unlink(file.path)
      total -= file.size
    }
  }
}
