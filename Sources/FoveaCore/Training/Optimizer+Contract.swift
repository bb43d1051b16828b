extension Optimizer {
  public static var noun: String { Sort.optimizers.noun }

  /// An optimizer changes each weight by that weight's own gradient and memories, the same each time, and goes downhill.
  public func checkContract(_ report: inout ContractReport) {
    report.check("there are a rate and memories") {
      guard learningRate > 0 else { throw Breach("the learning rate is \(learningRate)") }
      guard memories >= 0 else { throw Breach("it wants \(memories) memories") }
      return memories.counted("memory", "memories")
    }
    guard report.checks.last?.passed == true else { return }
    report.check("same gradients, same weights") {
      guard Descent(self) == Descent(self) else { throw Breach("two runs differ") }
      return ""
    }
    report.check("each weight changes on its own") {
      let whole = Descent(self)
      try Comparison(Descent(self, oneByOne: true).weights, whole.weights).require(within: 1e-5, "weights")
      let rows = Descent(self, columns: 4, pitch: 7)
      try Comparison(rows.weights, whole.weights).require(within: 1e-5, "weights in rows with gaps between them")
      guard rows.leavesGaps else { throw Breach("numbers between the rows of a block are changed") }
      return "\(whole.weights.count) weights"
    }
    report.check("it goes downhill") {
      let descent = Descent(self)
      let (first, last) = (Descent.loss(Descent.start), Descent.loss(descent.weights))
      guard last < first else {
        throw Breach("the loss Σw²/2 was \(first), and is \(last) after \(Descent.steps) steps")
      }
      return "\(first) to \(last)"
    }
  }
}

/// An optimizer's way down from the same weights, by the gradient of Σw²/2, which is w.
private struct Descent: Equatable {
  static let steps = 50
  static let start: [Float] = (0..<12).map { Float($0 * 5 % 12) / 8 - 0.7 }
  private static let gap: Float = 9

  let weights: [Float]
  /// Whether what lies between the rows is as it was.
  let leavesGaps: Bool

  /// - Parameters:
  ///   - columns: in a row of the block that is changed at once.
  ///   - pitch: from one row to the next.
  ///   - oneByOne: whether each weight is a block of its own.
  init<O: Optimizer>(_ optimizer: O, columns: Int = start.count, pitch: Int = start.count, oneByOne: Bool = false) {
    let places = Self.start.indices.map { $0 / columns * pitch + $0 % columns }
    let rows = Self.start.count / columns
    var values = [Float](repeating: Self.gap, count: rows * pitch)
    for (place, weight) in zip(places, Self.start) { values[place] = weight }
    // What is remembered of each weight at first.
    let memory = (optimizer as? any CurvatureOptimizer)?.memory(curvature: 1) ?? 0
    var memories = [[Float]](repeating: [Float](repeating: memory, count: values.count), count: optimizer.memories)
    for step in 1...Self.steps {
      let gradients = places.map { values[$0] }
      Self.withAddresses(of: &values, gradients, &memories) { weights, gradients, memories in
        guard oneByOne else {
          let block = WeightBlock(
            weights, gradients: gradients, memories: memories, rows: rows, columns: columns, pitch: pitch)
          return optimizer.update(block, step: step)
        }
        for (index, place) in places.enumerated() {
          let block = WeightBlock(
            weights + place, gradients: gradients + index, memories: memories.map { $0 + place }, count: 1)
          optimizer.update(block, step: step)
        }
      }
    }
    weights = places.map { values[$0] }
    leavesGaps = values.indices.allSatisfy { places.contains($0) || values[$0] == Self.gap }
  }

  private static func withAddresses(
    of values: inout [Float], _ gradients: [Float], _ memories: inout [[Float]],
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, [UnsafeMutablePointer<Float>]) -> Void
  ) {
    let count = values.count
    var remembered = memories.flatMap { $0 }
    values.withUnsafeMutableBufferPointer { values in
      gradients.withUnsafeBufferPointer { gradients in
        remembered.withUnsafeMutableBufferPointer { remembered in
          guard let weights = values.baseAddress, let gradients = gradients.baseAddress else { return }
          let slots = memories.indices.compactMap { slot in remembered.baseAddress.map { $0 + slot * count } }
          body(weights, gradients, slots)
        }
      }
    }
    for slot in memories.indices { memories[slot] = Array(remembered[slot * count..<(slot + 1) * count]) }
  }

  static func loss(_ weights: [Float]) -> Float { weights.reduce(0) { $0 + $1 * $1 / 2 } }
}
