public import FoveaCore

/// Rows of four coordinates and a score for each class, `[count, 4 + classes]`, to the boxes that remain when of those that
/// overlap only the surest is kept: non-maximum suppression, for each class by itself.
public struct BoxesStep: PostprocessingStep, Configurable {
  public static let kind = "boxes"
  public static let summary = "boxes with a class each; of those that overlap, the surest"
  public static let explanations = [
    "coordinates": "what a row's four numbers are: left, top, right, bottom, or center and size",
    "unit": "pixels of the network's input, or shares of its sides, 0 to 1",
    "activation": "what makes confidences of scores: none, or sigmoid",
    "confidence": "the least that a box needs, 0 to 1",
    "overlap": "from which share of their union on, two boxes are one, 0 to 1",
    "maximum": "how many boxes there are at most",
  ]

  public enum Coordinates: String, Sendable, Codable, CaseIterable {
    /// Left, top, right, bottom.
    case corners
    /// The center's x and y, width, height.
    case center
  }

  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// Pixels of the network's input, from its upper left corner.
    case pixels
    /// Shares of the input's sides, 0…1.
    case shares
  }

  public enum Activation: String, Sendable, Codable, CaseIterable {
    case none, sigmoid
  }

  public var coordinates = Coordinates.corners
  public var unit = Unit.pixels
  /// What makes confidences of scores.
  public var activation = Activation.none
  /// The least that a box needs, 0…1.
  public var confidence: Float = 0.25
  /// From which intersection over union on, two boxes of one class are the same, 0…1.
  public var overlap: Float = 0.5
  /// How many boxes there are at most.
  public var maximum = 100

  public init() {}

  public func validate() throws(PredictionError) {
    for (key, value) in [("confidence", confidence), ("overlap", overlap)] where !(0...1).contains(value) {
      throw .invalidConfiguration(kind: Self.kind, key: key, expected: "0 to 1", got: "\(value)")
    }
    guard maximum >= 1 else {
      throw .invalidConfiguration(kind: Self.kind, key: "maximum", expected: "1 or more", got: "\(maximum)")
    }
  }

  /// - Throws: ``PredictionError`` where the outputs are no such rows.
  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Boxes {
    let output = outputs.output
    guard output.shape.rank == 2, output.shape[1] > 4, output.isWhole else {
      throw .shape(kind: Self.kind, expected: "rows of 4 + classes numbers, [count, 4 + classes]", got: output.shape)
    }
    let width = output.shape[1]
    let labels = try outputs.labels(count: width - 4, for: Self.kind)
    var found: [(number: Int, box: Boxes.Box)] = []
    for row in 0..<output.shape[0] {
      let numbers = output.values[row * width..<(row + 1) * width]
      let scores = numbers.dropFirst(4)
      guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { continue }
      let score = activation == .none ? scores[best] : SigmoidConfidence.probability(scores[best])
      let box = box(numbers.prefix(4).map(Double.init))
      guard score >= confidence, box.width > 0, box.height > 0 else { continue }
      let number = best - scores.startIndex
      found.append((number, Boxes.Box(labels[number], confidence: score, box)))
    }
    return Boxes(kept(of: found), labels: labels, grid: unit == .shares ? ImageSize(width: 1, height: 1) : nil)
  }

  /// A pixel's center is at a whole number, and so its edges half a pixel beside it.
  private func box(_ numbers: [Double]) -> PictureBox {
    switch coordinates {
    case .corners:
      PictureBox(left: numbers[0] - 0.5, top: numbers[1] - 0.5, right: numbers[2] - 0.5, bottom: numbers[3] - 0.5)
    case .center:
      PictureBox(
        left: numbers[0] - numbers[2] / 2 - 0.5, top: numbers[1] - numbers[3] / 2 - 0.5,
        right: numbers[0] + numbers[2] / 2 - 0.5, bottom: numbers[1] + numbers[3] / 2 - 0.5)
    }
  }

  private func kept(of found: [(number: Int, box: Boxes.Box)]) -> [Boxes.Box] {
    var kept: [(number: Int, box: Boxes.Box)] = []
    for candidate in found.sorted(by: { $0.box.confidence > $1.box.confidence }) {
      guard kept.count < maximum else { break }
      let isNew = kept.allSatisfy {
        $0.number != candidate.number || Self.overlap($0.box.box, candidate.box.box) < Double(overlap)
      }
      if isNew { kept.append(candidate) }
    }
    return kept.map(\.box)
  }

  /// Intersection over union.
  private static func overlap(_ a: PictureBox, _ b: PictureBox) -> Double {
    let width = min(a.right, b.right) - max(a.left, b.left)
    let height = min(a.bottom, b.bottom) - max(a.top, b.top)
    guard width > 0, height > 0 else { return 0 }
    let both = width * height
    return both / (a.width * a.height + b.width * b.height - both)
  }
}

extension BoxesStep: ThresholdStep {
  public var thresholdText: String { "\(confidence)" }

  public func deciding(from confidence: Float) -> Self {
    var step = self
    step.confidence = confidence
    return step
  }
}
