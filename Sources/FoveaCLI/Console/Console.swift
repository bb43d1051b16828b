import Foundation
import Glibc

/// The two streams of the program: results go to standard output, all else to standard error.
enum Console: Int32, Sendable {
  case output = 1
  case error = 2

  /// Whether a person looks at it, and not a file or another program.
  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// How many columns a line may take; nil where the stream is no terminal, so that lines may be of any length.
  var columns: Int? { isTerminal ? width : nil }

  /// Columns, as COLUMNS or the terminal has it; 80 where nobody knows.
  var width: Int {
    if let given = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), given > 0 { return given }
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes without a buffer: what is written is seen, even if the program is ended in the next moment.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(rawValue, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        // Nobody is left to tell.
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }

  func print(_ line: String) { write(line + "\n") }
}
