/// One line at the foot of a terminal that says how far things are; nothing at all where nobody looks.
struct ProgressBar {
  let isShown: Bool
  private var lastDrawn: ContinuousClock.Instant?

  /// In columns.
  private static let longestBar = 30
  private static let shortestBar = 5

  /// Drawn oftener than this, it flickers and costs time.
  private static let interval = Duration.milliseconds(100)

  init(isQuiet: Bool) {
    isShown = !isQuiet && Console.error.isTerminal
  }

  /// Whether it is worth knowing how far things are: it is time to draw anew, or all is done, which is always drawn.
  func isDue(done: Int, of total: Int) -> Bool { isDue || isShown && done == total }

  /// Whether there is somebody to see it, and time enough has gone by to draw it anew.
  var isDue: Bool { isShown && lastDrawn.map { ContinuousClock.now - $0 >= Self.interval } ?? true }

  /// - Parameters:
  ///   - title: what is going on: `epoch 1/10`.
  ///   - done: images that are done, of `total`.
  ///   - figures: what follows the bar: `loss 0.4213`.
  ///   - rate: images per second.
  ///   - remaining: seconds until all is done.
  mutating func update(
    _ title: String, done: Int, total: Int, figures: String = "", rate: Double, remaining: Double
  ) {
    guard isDue(done: done, of: total) else { return }
    lastDrawn = .now
    let after = [
      "\(Format.grouped(done))/\(Format.grouped(total))", figures, "\(Format.grouped(Int(rate))) images/s",
      "ETA \(Format.duration(remaining))",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
    let columns = Console.error.width - 1
    // The bar takes what the figures leave.
    let barWidth = min(Self.longestBar, columns - title.count - after.count - 4)
    let bar = barWidth < Self.shortestBar ? "" : Self.bar(done, of: total, width: barWidth) + "  "
    Console.error.draw("\r\u{1B}[2K" + "\(title)  \(bar)\(after)".prefix(max(1, columns)))
  }

  /// The same for what is counted in steps.
  mutating func update(_ title: String, steps done: Int, of total: Int) {
    guard isDue(done: done, of: total) else { return }
    lastDrawn = .now
    let bar = Self.bar(done, of: total, width: Self.longestBar)
    Console.error.draw("\r\u{1B}[2K" + "\(title)  \(bar)".prefix(max(1, Console.error.width - 1)))
  }

  private static func bar(_ done: Int, of total: Int, width: Int) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let filled = Int(share * Double(width))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  /// Takes the line away, so that something else can be written.
  func clear() {
    if isShown, lastDrawn != nil { Console.error.draw("\r\u{1B}[2K") }
  }
}
