import Foundation
import Fovea
import Glibc

/// The two streams of the program: results go to standard output, all else to standard error.
enum Console {
  static let output = ResultStream()
  static let error = MessageStream()
}

/// A stream that may lead to a terminal.
protocol ConsoleStream {
  var descriptor: Int32 { get }
}

extension ConsoleStream {
  /// Whether a person looks at it, and not a file or another program.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// How many columns a line may take; nil where the stream is no terminal, so that lines may be of any length.
  var columns: Int? { isTerminal ? width : nil }

  /// Columns, as COLUMNS or the terminal has it; 80 where nobody knows.
  var width: Int {
    if let given = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), given > 0 { return given }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes without a buffer: what is written is seen, even if the program is ended in the next moment.
  fileprivate func put(_ text: String) throws(SystemError) { try SystemError.write(Array(text.utf8), to: descriptor) }

  /// Lines as a terminal may be given them, whatever names are in them.
  fileprivate func printable(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
  }
}

/// Standard output.
struct ResultStream: ConsoleStream {
  let descriptor = STDOUT_FILENO

  /// - Throws: where it could not be written, to a full disk or to a pipe that nobody reads: a command whose results are
  ///   lost has failed.
  func print(_ text: String) throws(FileError) {
    do throws(SystemError) { try put(printable(text) + "\n") } catch { throw .standardOutput(error) }
  }
}

/// Standard error. What cannot be written there is not written: nobody is left to tell.
struct MessageStream: ConsoleStream {
  let descriptor = STDERR_FILENO

  func print(_ text: String) { try? put(printable(text) + "\n") }

  /// As it is, with what moves the cursor.
  func draw(_ text: String) { try? put(text) }
}
