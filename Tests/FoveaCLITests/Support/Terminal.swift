import Foundation
import Synchronization

/// A terminal that nobody sits at: what a program writes to it can be read here.
final class Terminal {
  /// The program's end.
  let handle: FileHandle
  private let screen: Screen

  /// What was written. A terminal holds a few thousand characters, and whoever writes more waits until somebody reads.
  private final class Screen: Sendable {
    private let reader: Int32
    private let text = Mutex<[UInt8]>([])
    let isOff = Atomic(false)

    init(_ reader: Int32) { self.reader = reader }

    deinit { close(reader) }

    func read(_ body: (inout [UInt8]) -> Void = { _ in }) {
      text.withLock { text in
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
          let count = Glibc.read(reader, &buffer, buffer.count)
          guard count > 0 else { break }
          text += buffer[..<count]
        }
        body(&text)
      }
    }
  }

  init() throws {
    // The numbers of `TIOCSPTLCK` and `TIOCGPTN`, which unlock the program's end and name it.
    let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    let reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
    var isLocked: Int32 = 0
    var index: Int32 = 0
    guard reader >= 0, ioctl(reader, unlock, &isLocked) == 0, ioctl(reader, number, &index) == 0,
      let handle = FileHandle(forUpdatingAtPath: "/dev/pts/\(index)")
    else { throw CocoaError(.fileReadUnknown) }
    self.handle = handle
    screen = Screen(reader)
    Thread.detachNewThread { [screen] in
      while !screen.isOff.load(ordering: .relaxed) {
        screen.read()
        usleep(5_000)
      }
    }
  }

  deinit { screen.isOff.store(true, ordering: .relaxed) }

  /// All that was written since the last time.
  func readAll() -> String {
    var text = ""
    screen.read { bytes in
      text = String(decoding: bytes, as: UTF8.self)
      bytes = []
    }
    return text
  }
}
