import Fovea

/// How far a batch of images is: on a line at the foot of a terminal, or as a line of JSON each minute for logs.
struct BatchProgress {
  private let toolbox: Toolbox
  private let title: String
  private let isShown: Bool
  private let isLogged: Bool
  /// How many rows there will be, where that is known.
  private let total: Int?
  private let start = ContinuousClock.now
  private var lastDrawn = ContinuousClock.now
  private var lastLogged = ContinuousClock.now
  private var bar: ProgressBar
  private var count = 0
  /// How many images have come to nothing, and why.
  private(set) var failures: [FailureReason: Int] = [:]

  /// - Parameters:
  ///   - isShown: false where the results themselves go to the terminal.
  ///   - isLogged: whether lines of JSON go to standard error, each minute and at the end.
  ///   - title: what is done with the images, before the bar.
  init(_ toolbox: Toolbox, total: Int?, isShown: Bool, isLogged: Bool, title: String = "classify") {
    self.toolbox = toolbox
    self.title = title
    self.total = total
    self.isLogged = isLogged
    self.isShown = isShown && !isLogged && !toolbox.isQuiet && Console.error.isTerminal
    bar = ProgressBar(isQuiet: !self.isShown)
  }

  mutating func add(_ row: ResultRow) { add(row.reason) }

  /// - Parameter reason: why nothing has become of the image; nil where all went well.
  mutating func add(_ reason: FailureReason?) {
    count += 1
    if let reason { failures[reason, default: 0] += 1 }
    guard isShown || isLogged else { return }
    let now = ContinuousClock.now
    if isShown, now - lastDrawn > .milliseconds(100) {
      lastDrawn = now
      draw()
    }
    if isLogged, now - lastLogged >= .seconds(60) {
      lastLogged = now
      log()
    }
  }

  mutating func finish() {
    if isShown {
      draw()
      Console.error.draw("\n")
    }
    if isLogged { log() }
  }

  private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
  private var rate: Double { Double(count) / max(seconds, 1e-9) }
  private var remaining: Double? { total.map { Double(max($0 - count, 0)) / max(rate, 1e-9) } }

  private mutating func draw() {
    let failed = failures.isEmpty ? "" : Format.reasons(failures)
    if let total, let remaining {
      bar.update(title, done: count, total: total, figures: failed, rate: rate, remaining: remaining)
    } else {
      let figures = "\(Format.count(count, "image"))  \(Format.grouped(Int(rate))) images/s  \(failed)"
      Console.error.draw("\r\u{1B}[2K" + figures.printable.prefix(max(1, Console.error.width - 1)))
    }
  }

  private func log() {
    let line = ResultValue.record([
      ResultField("images", .count(count)), ResultField("of", total.map { .count($0) } ?? .null),
      ResultField("seconds", .number(Float(seconds))), ResultField("imagesPerSecond", .number(Float(rate))),
      ResultField("secondsLeft", remaining.map { .number(Float($0)) } ?? .null),
      ResultField("failures", .count(failures.values.reduce(0, +))),
      ResultField(
        "reasons", .record(Format.frequentFirst(failures).map { ResultField($0.key.rawValue, .count($0.value)) })),
    ])
    Console.error.print(line.json)
  }
}
