import Glibc
import Synchronization

/// A file or folder in the making, under a name that tells it from all others and on which its process holds a lock: what a
/// process that was killed has left can be told from what another one is still writing.
struct PartialFile {
  let path: String
  /// Open for writing; of a folder, for reading.
  let descriptor: Int32

  /// Of the kernel that runs since the last start of the machine. A lock counts among its processes, in whatever container;
  /// those of other machines that share a disk need not see it.
  private static let machine = try? FileReader.firstBytes(of: "/proc/sys/kernel/random/boot_id", 8)
  private static let ending = ".partial"
  private static let swept = Mutex<Set<String>>([])

  private static var beginning: String { ".fovea-" + (machine.map { $0 + "-" } ?? "") }

  /// Makes one in `folder`, after what killed processes have left there is removed.
  init(in folder: String, isFolder: Bool = false) throws(SystemError) {
    Self.sweep(folder)
    while true {
      let unique = String(UInt64.random(in: .min ... .max), radix: 36)
      let path = "\(folder)/\(Self.beginning)\(unique)\(Self.ending)"
      UnfinishedFiles.begin(path)
      var descriptor: Int32 = -1
      if !isFolder {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      } else if mkdir(path, 0o777) == 0 {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      }
      guard descriptor >= 0 else {
        let error = SystemError()
        UnfinishedFiles.abandon(path)
        throw error
      }
      if Self.isOurs(descriptor) {
        (self.path, self.descriptor) = (path, descriptor)
        return
      }
      close(descriptor)
      UnfinishedFiles.abandon(path)
    }
  }

  /// Locks what was just made. False where another process took it for a leftover before that.
  private static func isOurs(_ descriptor: Int32) -> Bool {
    // Where there are no locks, none can be taken for a leftover either.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  /// Removes what processes of this machine have left in a folder that are gone: nobody holds the lock. Once for each folder,
  /// which may be large.
  private static func sweep(_ folder: String) {
    guard machine != nil, !folder.contains("/.fovea-"), swept.withLock({ $0.insert(folder).inserted }),
      let stream = opendir(folder)
    else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(beginning), name.hasSuffix(ending) else { continue }
      let path = folder + "/" + name
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { UnfinishedFiles.abandon(path) }
      close(descriptor)
    }
  }
}

extension FileReader {
  /// The beginning of a file of the system's, as text.
  fileprivate static func firstBytes(of path: String, _ count: Int) throws -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try bytes.withUnsafeMutableBytes { try FileReader(path).read(upTo: $0, at: 0) }
    guard got == count else { throw SystemError(EIO) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
