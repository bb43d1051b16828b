import Foundation
import Glibc
import Synchronization

/// The files and folders that this program is making under names of their own and has not put in their places yet.
///
/// A process has one such list, as it has one end: whoever ends it before its work is done removes what is on the list.
package enum UnfinishedFiles {
  private struct List {
    var paths: Set<String> = []
    var isClosed = false
  }

  private static let list = Mutex(List())

  /// To be called before the file is made.
  package static func begin(_ path: String) {
    list.withLock { list in
      waitForTheEnd(list)
      list.paths.insert(path)
    }
  }

  /// Puts what is finished in its place: no end of the program comes in between.
  static func finish(_ path: String, _ place: () throws(SystemError) -> Void) throws(SystemError) {
    try list.withLock { list throws(SystemError) in
      waitForTheEnd(list)
      try place()
      list.paths.remove(path)
    }
  }

  /// Leaves a file that is worth having although it is unfinished.
  package static func keep(_ path: String) {
    list.withLock { list in
      waitForTheEnd(list)
      list.paths.remove(path)
    }
  }

  /// Removes what is not wanted any more.
  package static func abandon(_ path: String) {
    list.withLock { list in
      remove(path)
      list.paths.remove(path)
    }
  }

  /// Removes everything that is unfinished. Nothing is begun or finished afterwards, so that the caller can say what was not
  /// written; it must end the program.
  package static func abandonAll() {
    list.withLock { list in
      list.isClosed = true
      for path in list.paths { remove(path) }
    }
  }

  private static func waitForTheEnd(_ list: List) {
    while list.isClosed { pause() }
  }

  private static func remove(_ path: String) {
    if unlink(path) != 0 && errno == EISDIR { try? FileManager.default.removeItem(atPath: path) }
  }
}
