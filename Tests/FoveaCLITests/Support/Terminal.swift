import Foundation

/// A terminal that nobody sits at: what a program writes to it can be read here.
final class Terminal {
  /// The program's end.
  let handle: FileHandle
  private let reader: Int32

  init() throws {
    // The numbers of `TIOCSPTLCK` and `TIOCGPTN`, which unlock the program's end and name it.
    let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
    var isLocked: Int32 = 0
    var index: Int32 = 0
    guard reader >= 0, ioctl(reader, unlock, &isLocked) == 0, ioctl(reader, number, &index) == 0,
      let handle = FileHandle(forUpdatingAtPath: "/dev/pts/\(index)")
    else { throw CocoaError(.fileReadUnknown) }
    self.handle = handle
  }

  deinit { close(reader) }

  func readAll() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(reader, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
