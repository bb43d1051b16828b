import Fovea

/// How far a batch of images is: on a line at the foot of a terminal, or as a line of JSON each minute for logs.
struct BatchProgress {
  private let toolbox: Toolbox
  private let isShown: Bool
  private let isLogged: Bool
  /// How many rows there will be, where that is known.
  private let total: Int?
  private let start = ContinuousClock.now
  private var lastDrawn = ContinuousClock.now
  private var lastLogged = ContinuousClock.now
  private var bar: ProgressBar
  private var count = 0
  private(set) var errors = ErrorReasons()

  /// - Parameters:
  ///   - isShown: false where the results themselves go to the terminal.
  ///   - isLogged: whether lines of JSON go to standard error, each minute and at the end.
  init(_ toolbox: Toolbox, total: Int?, isShown: Bool, isLogged: Bool) {
    self.toolbox = toolbox
    self.total = total
    self.isLogged = isLogged
    self.isShown = isShown && !isLogged && !toolbox.isQuiet && Console.error.isTerminal
    bar = ProgressBar(isQuiet: !self.isShown)
  }

  mutating func add(_ row: ResultRow) {
    count += 1
    if let error = row.error { errors.add(error) }
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
    let failed = errors.count > 0 ? "\(Format.count(errors.count, "error")): \(errors.text(most: 2))" : ""
    if let total, let remaining {
      bar.update("classify", done: count, total: total, figures: failed, rate: rate, remaining: remaining)
    } else {
      let figures = "\(Format.count(count, "image"))  \(Format.grouped(Int(rate))) images/s  \(failed)"
      Console.error.draw("\r\u{1B}[2K" + figures.printable.prefix(max(1, Console.error.width - 1)))
    }
  }

  private func log() {
    let counts = errors.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let line = ResultValue.record([
      ResultField("images", .count(count)), ResultField("of", total.map { .count($0) } ?? .null),
      ResultField("seconds", .number(Float(seconds))), ResultField("imagesPerSecond", .number(Float(rate))),
      ResultField("secondsLeft", remaining.map { .number(Float($0)) } ?? .null),
      ResultField("failures", .count(errors.count)),
      ResultField("reasons", .record(counts.map { ResultField($0.key, .count($0.value)) })),
    ])
    Console.error.print(line.json)
  }
}

/// What went wrong and how often, without the names of the files.
struct ErrorReasons {
  private(set) var count = 0
  private(set) var counts: [String: Int] = [:]

  /// More kinds than this are counted together.
  private static let most = 50

  mutating func add(_ error: String) {
    count += 1
    let reason = Self.reason(error)
    counts[counts[reason] != nil || counts.count < Self.most ? reason : "other", default: 0] += 1
  }

  /// The most frequent first.
  func text(most: Int) -> String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let rest = sorted.dropFirst(most).reduce(0) { $0 + $1.value }
    return
      (sorted.prefix(most).map { "\(Format.grouped($0.value)) \($0.key)" }
      + (rest > 0 ? ["\(Format.grouped(rest)) other"] : []))
      .joined(separator: ", ")
  }

  /// What is said behind the file's name, with `#` for numbers: `its # bytes cannot hold the #×# pixels of its header`.
  static func reason(_ error: String) -> String {
    let text = error.firstRange(of: "': ").map { error[$0.upperBound...] } ?? error[...]
    return String(text).replacing(/[0-9][0-9,]*/, with: "#")
  }
}
