package import Glibc

/// A file that appears whole or not at all.
///
/// What is written goes to a temporary file in the same folder, and ``commit()`` puts that in its place. Where the
/// program fails or is interrupted before, what was there before is untouched, and the temporary file is removed; where it was
/// killed, by the next one that writes into the folder.
public final class AtomicFile {
  /// The place where the file will be; where it is a link, the file that the link leads to.
  public let path: String
  private let temporaryPath: String
  private var descriptor: Int32

  /// - Throws: ``FileError/unwritable(path:reason:)`` where the folder is missing or may not be written, or where
  ///   `path` is something that must not be replaced: a folder, a device, a file that is write-protected.
  public init(_ path: String) throws(FileError) {
    let (target, mode) = try Self.place(path)
    let folder = Self.folder(of: target)
    let partial: PartialFile
    do throws(SystemError) { partial = try PartialFile(in: folder) } catch {
      throw .unwritable(path: path, reason: error.description)
    }
    self.path = target
    (temporaryPath, descriptor) = (partial.path, partial.descriptor)
    if let mode { _ = fchmod(descriptor, mode) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    UnfinishedFiles.abandon(temporaryPath)
  }

  /// Where a file of this name would be, and the permissions of the one that is there; nil where none is.
  ///
  /// - Throws: as ``init(_:)``.
  package static func place(_ path: String) throws(FileError) -> (target: String, mode: mode_t?) {
    let target = resolve(path)
    var mode: mode_t?
    var status = stat()
    if stat(target, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw .unwritable(path: path, reason: "it is a folder or a device; choose another name")
      }
      guard access(target, W_OK) == 0 else {
        throw .unwritable(path: path, reason: "the file is write-protected; choose another name or change that")
      }
      mode = status.st_mode & 0o777
    }
    let folder = folder(of: target)
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritable(path: path, reason: "there is no folder '\(folder)'; create it first")
    }
    return (target, mode)
  }

  /// Lets the names in the folder of `path` survive a loss of power.
  package static func syncFolder(of path: String) {
    let folder = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    do throws(SystemError) { try SystemError.write(bytes, to: descriptor) } catch { throw failure(error) }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  /// Puts the file in its place, in one step. Nothing can be written afterwards.
  public func commit() throws(FileError) {
    do throws(SystemError) {
      // Only what has reached the disk may take the old file's place.
      guard fsync(descriptor) == 0 else { throw SystemError() }
      try UnfinishedFiles.finish(temporaryPath) { () throws(SystemError) in
        guard rename(temporaryPath, path) == 0 else { throw SystemError() }
      }
    } catch { throw failure(error) }
    close(descriptor)
    descriptor = -1
    Self.syncFolder(of: path)
  }

  /// Puts the file in its place where there is nothing yet, without waiting for the disk: after a power cut, it may be shorter.
  ///
  /// - Returns: false where something is there, which stays as it is. Nothing can be written afterwards.
  package func commitIfNew() throws(FileError) -> Bool {
    do throws(SystemError) {
      var isNew = true
      try UnfinishedFiles.finish(temporaryPath) { () throws(SystemError) in
        if link(temporaryPath, path) == 0 {
          unlink(temporaryPath)
        } else if errno == EEXIST {
          isNew = false
        } else {
          // Not every file system has hard links; between the two calls there, somebody else's file may be lost.
          var status = stat()
          isNew = lstat(path, &status) != 0
          if isNew, rename(temporaryPath, path) != 0 { throw SystemError() }
        }
      }
      close(descriptor)
      descriptor = -1
      if !isNew { UnfinishedFiles.abandon(temporaryPath) }
      return isNew
    } catch { throw failure(error) }
  }

  private func failure(_ error: SystemError) -> FileError { .unwritable(path: path, reason: error.description) }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Renaming onto a link would replace the link and leave its target as it was.
  static func resolve(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
