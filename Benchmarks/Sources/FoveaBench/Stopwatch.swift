/// Time as the peers' scripts take it.
enum Stopwatch {
  private static let clock = ContinuousClock()

  /// Images per second of `step`, which does one batch; warmed up first.
  static func rate(images: Int, seconds: Double, _ step: (Int) throws -> Void) rethrows -> Double {
    let warmUp = clock.now + .seconds(max(0.5, seconds / 5))
    var done = 0
    while done < 3 || clock.now < warmUp {
      try step(done)
      done += 1
    }
    let start = clock.now
    let end = start + .seconds(seconds)
    var count = 0
    while count < 3 || clock.now < end {
      try step(count)
      count += 1
    }
    return Double(count * images) / ((clock.now - start) / .seconds(1))
  }

  /// The median time of one `step`, in seconds.
  static func median(seconds: Double, _ step: () throws -> Void) rethrows -> Double {
    for _ in 0..<20 { try step() }
    var times: [Double] = []
    let end = clock.now + .seconds(seconds)
    while times.count < 20 || clock.now < end {
      let start = clock.now
      try step()
      times.append((clock.now - start) / .seconds(1))
    }
    return times.sorted()[times.count / 2]
  }
}
