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
    "window": "the square's side in pixels of the input; where left out, a sixth of the input's shorter side",
    "stride": "pixels from one square to the next; half the window where left out",
    "value": "what covers, in the numbers that go into the network",
  ]

  public var window: Int?
  public var stride: Int?
  public var value: Float

  public init() { self.init(window: nil) }

  public init(window: Int?, stride: Int? = nil, value: Float = 0) {
    (self.window, self.stride, self.value) = (window, stride, value)
  }

  public func checkSettings() throws(ConfigurationError) {
    if let window { try require("window", Float(window), "1 to 65536", (1...65_536).contains(window)) }
    if let stride { try require("stride", Float(stride), "1 to 65536", (1...65_536).contains(stride)) }
    try require("value", value, "a finite number", true)
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let input = network.input
    let (channels, height, width) = (input.shape[1], input.shape[2], input.shape[3])
    let side = min(window ?? max(min(height, width) / 6, 1), max(height, width))
    let step = min(stride ?? max(side / 2, 1), side)
    // The last square reaches the edge, and is cut there.
    func starts(_ extent: Int) -> [Int] { (0...(max(extent - side, 0) + step - 1) / step).map { $0 * step } }
    let squares = starts(height).flatMap { row in starts(width).map { (row: row, column: $0) } }
    let source = try [Float](of: input)
    let whole = try network.scores(ofInputs: input)[0]
    var losses = try [Double](places: height * width) { _ in 0 }
    var counts = try [Double](places: height * width) { _ in 0 }
    var done = 0
    while done < squares.count {
      let range = done..<min(done + network.batchSize, squares.count)
      var batch = try Tensor(changedExamples: range.count, like: input.shape)
      batch.withUnsafeMutableFloats { target in
        for (example, number) in range.enumerated() {
          let (square, start) = (squares[number], example * source.count)
          for place in source.indices { target[start + place] = source[place] }
          for channel in 0..<channels {
            for row in square.row..<min(square.row + side, height) {
              for column in square.column..<min(square.column + side, width) {
                target[start + (channel * height + row) * width + column] = value
              }
            }
          }
        }
      }
      for (score, number) in zip(try network.scores(ofInputs: batch), range) {
        let square = squares[number]
        for row in square.row..<min(square.row + side, height) {
          for column in square.column..<min(square.column + side, width) {
            losses[row * width + column] += Double(whole - score)
            counts[row * width + column] += 1
          }
        }
      }
      done = range.upperBound
    }
    return Attribution(try Tensor(places: [1, height, width]) { counts[$0] > 0 ? Float(losses[$0] / counts[$0]) : 0 })
  }
}
