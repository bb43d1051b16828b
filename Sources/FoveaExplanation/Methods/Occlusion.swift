public import FoveaCore

/// How much of the score is lost where a square of the input is covered, for squares all over it: the mean of those that cover a place.
/// No gradients.
///
/// Source: Zeiler, Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2.
public struct Occlusion: ExplanationMethod {
  public static let kind = "occlusion"
  public static let summary = "how much of the score is lost where a square of the input is covered"
  public static let title = "occlusion"
  public static let place = ExplainedPlace.input
  public static let needsGradients = false
  public static let explanations = [
    "window":
      "the square's side in pixels of the input, at most the input's longer side; where left out, a sixth of the shorter one",
    "stride": "pixels from one square to the next, at most the window; half of it where left out",
    "value": "what covers, in the numbers that go into the network",
  ]

  /// Of the largest score.
  private static let rounding: Float = 1e-6

  public var window: Int?
  public var stride: Int?
  public var value: Float

  public init() { self.init(window: nil) }

  public init(window: Int?, stride: Int? = nil, value: Float = 0) {
    (self.window, self.stride, self.value) = (window, stride, value)
  }

  public func checkSettings() throws(ConfigurationError) {
    if let window { try require("window", Float(window), "1 to 65536", (1...65_536).contains(window)) }
    if let stride {
      try require("stride", Float(stride), "1 to 65536", (1...65_536).contains(stride))
      if let window {
        try require(
          "stride", Float(stride), "at most the window, \(window), so that every place is covered", stride <= window)
      }
    }
    try require("value", value, "a finite number", true)
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let input = network.input
    let (height, width) = (input.shape[2], input.shape[3])
    let side = min(window ?? max(min(height, width) / 6, 1), max(height, width))
    let step = min(stride ?? max(side / 2, 1), side)
    // The last square reaches the edge, and is cut there.
    func starts(_ extent: Int) -> [Int] { (0...(max(extent - side, 0) + step - 1) / step).map { $0 * step } }
    let squares = starts(height).flatMap { row in
      starts(width).map { column in
        CoveredWindow(
          rows: row..<min(row + side, height), columns: column..<min(column + side, width), value: value)
      }
    }
    let whole = try network.scores(ofInputs: input)[0]
    var losses = try [Double](places: height * width) { _ in 0 }
    var counts = try [Double](places: height * width) { _ in 0 }
    let changing = squares.filter { changes($0, input) }
    let scores = try network.scores(ofCovered: changing)
    // Sums come in another order than those of the whole, so that the last digits differ where nothing has changed.
    let rounding = scores.reduce(abs(whole)) { max($0, abs($1)) } * Self.rounding
    for (score, square) in zip(scores, changing) where abs(whole - score) > rounding {
      for row in square.rows {
        for column in square.columns { losses[row * width + column] += Double(whole - score) }
      }
    }
    for square in squares {
      for row in square.rows {
        for column in square.columns { counts[row * width + column] += 1 }
      }
    }
    return Attribution(try Tensor(places: [1, height, width]) { counts[$0] > 0 ? Float(losses[$0] / counts[$0]) : 0 })
  }

  /// Whether anything in the square is otherwise.
  private func changes(_ square: CoveredWindow, _ input: Tensor) -> Bool {
    let (height, width) = (input.shape[2], input.shape[3])
    return input.withUnsafeFloats { values in
      (0..<input.shape[1]).contains { channel in
        square.rows.contains { row in
          square.columns.contains { values[(channel * height + row) * width + $0] != square.value }
        }
      }
    }
  }
}
