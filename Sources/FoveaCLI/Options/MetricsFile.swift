import Foundation
import Fovea
import Glibc

/// One line of JSON for each pass, to be read while the training runs.
///
/// The lines go to `<path>.partial`, which takes the place of an older file only when the run has ended well.
final class MetricsFile {
  private let path: String
  /// Where the lines go: `path` itself where that is a pipe or a device, which has nothing to lose.
  private let writtenPath: String
  private let file: FileHandle

  init(_ path: String) throws(FileError) {
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists && kind == S_IFDIR { throw .unwritable(path: path, reason: "it is a folder; choose another name") }
    writtenPath = exists && kind != S_IFREG ? path : path + ".partial"
    let flags = writtenPath == path ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
    let descriptor = open(writtenPath, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func append(_ metrics: EpochMetrics) throws(FileError) {
    do {
      try file.write(contentsOf: Data((Format.json(metrics, pretty: false) + "\n").utf8))
    } catch { throw .unwritable(path: writtenPath, reason: "\(error)") }
  }

  func commit() throws(FileError) {
    guard writtenPath != path else { return }
    guard rename(writtenPath, path) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
