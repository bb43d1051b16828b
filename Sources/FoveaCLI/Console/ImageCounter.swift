/// Counts images at the foot of a terminal while nobody knows how many there will be.
struct ImageCounter {
  private let toolbox: Toolbox
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastDrawn = ContinuousClock.now
  private var count = 0

  /// - Parameter isShown: false where the results themselves go to the terminal.
  init(_ toolbox: Toolbox, isShown: Bool) {
    self.toolbox = toolbox
    self.isShown = isShown && !toolbox.isQuiet && Console.error.isTerminal
  }

  mutating func add() {
    count += 1
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - lastDrawn > .milliseconds(100) else { return }
    lastDrawn = now
    Console.error.draw("\r\u{1B}[2K\(figures)")
  }

  func finish() {
    if isShown { Console.error.draw("\r\u{1B}[2K\(figures)\n") }
  }

  private var figures: String {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return "\(Format.count(count, "image"))  \(Format.grouped(Int(Double(count) / max(seconds, 1e-9)))) images/s"
  }
}
