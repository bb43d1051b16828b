package import Glibc

/// Device and number of a file or folder, which tell whether two paths lead to the same one.
package struct FileIdentity: Sendable, Hashable {
  private let device: dev_t
  private let number: ino_t

  /// Nil where the path leads to nothing; the system's `errno` says why.
  package init?(_ path: FilePath) {
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  package init(_ status: stat) {
    device = status.st_dev
    number = status.st_ino
  }
}
