import Foundation
import FoveaPlugin

/// What `plugin check` is doing: one line at the foot of a terminal, and a lasting one for a check that takes long, which
/// may be one that never ends.
struct PluginCheckDisplay {
  private let isQuiet: Bool
  private let timeLimit: Int
  private var isLineShown = false
  /// When the next lasting line is due, in seconds since the check began.
  private var nextNote = firstNote

  private static let firstNote = 5.0

  init(isQuiet: Bool, timeLimit: Int) {
    self.isQuiet = isQuiet
    self.timeLimit = timeLimit
  }

  mutating func show(_ progress: PluginCheck.Progress) {
    guard !isQuiet else { return }
    if progress.seconds < Self.firstNote { nextNote = Self.firstNote }
    if progress.seconds >= nextNote {
      clear()
      Console.error.print(
        "\(progress.subject): '\(progress.check)' has run for \(Int(progress.seconds)) s; "
          + "after \(timeLimit) s it counts as failed")
      nextNote *= 2
    }
    guard Console.error.isTerminal else { return }
    let seconds = progress.seconds < 1 ? "" : "  \(Int(progress.seconds)) s"
    let text = "\(progress.subject): \(progress.check)\(seconds)"
    Console.error.draw("\r\u{1B}[2K" + text.prefix(max(1, Console.error.width - 1)))
    isLineShown = true
  }

  /// Takes the line away, so that something else can be written.
  mutating func clear() {
    if isLineShown { Console.error.draw("\r\u{1B}[2K") }
    isLineShown = false
  }
}
