import Foundation
public import FoveaCore

/// Whether the confidence goes where the heat says: what becomes of it as the hottest places are taken away, or brought back first.
///
/// Source: Petsiuk, Das, Saenko 2018, "RISE", section 4.2; ROAD: Rong, Leemann, Borisov, Kasneci, Kasneci 2022, "A Consistent and
/// Efficient Evaluation Strategy for Attribution Methods", section 4.
public struct Faithfulness: Sendable, Hashable {
  /// The mean confidence while the hottest places go to 0 first: small for a good map.
  public let deletion: Float
  /// The mean confidence while the hottest places come back first on a blurred input: large for a good map.
  public let insertion: Float
  /// The mean of how much surer the network is without the coldest places than without as many of the hottest, where what is
  /// missing is filled in from around it: large for a good map.
  public let road: Float

  /// Places on each curve.
  private static let steps = 28
  private static let roadShares: [Double] = [0.2, 0.4, 0.6, 0.8]

  /// - Parameter map: of any size that covers the input.
  /// - Throws: ``ExplanationError/network(_:)``, ``ExplanationError/memory(examples:bytes:)``
  public init(of map: HeatMap, _ picture: ExplainedPicture) throws(ExplanationError) {
    let input = picture.input
    let (height, width) = (input.shape[2], input.shape[3])
    // The input, what it becomes, and those of a curve that go through the network together; places in their order.
    let together = max(min(picture.batchSize, Self.steps), 2 * Self.roadShares.count)
    try ExplanationError.ask(
      for: input.shape.count * (3 + together) * MemoryLayout<Float>.stride + height * width * MemoryLayout<Int>.stride,
      examples: together)
    let heat = map.resized(width: width, height: height)
    // Equal places in their order.
    let order = heat.values.indices.sorted { (heat.values[$0], $1) > (heat.values[$1], $0) }
    let source = input.elements
    let area = height * width
    let zeros = [Float](repeating: 0, count: source.count)
    let blurred = Self.blurred(source, width: width, height: height)
    deletion = try Self.curve(from: source, to: zeros, order, area, picture)
    insertion = try Self.curve(from: blurred, to: source, order, area, picture)
    var (hot, cold): ([[Float]], [[Float]]) = ([], [])
    var random = SeededRandom(seed: picture.seed)
    for share in Self.roadShares {
      let count = Int(share * Double(area))
      hot.append(Self.imputed(source, without: order.prefix(count), width: width, height: height, &random))
      cold.append(Self.imputed(source, without: order.suffix(count), width: width, height: height, &random))
    }
    let confidences = try Self.confidences(hot + cold, picture)
    let half = Self.roadShares.count
    road = (0..<half).reduce(0) { $0 + (confidences[half + $1] - confidences[$1]) / 2 } / Float(half)
  }

  private static func curve(
    from start: [Float], to end: [Float], _ order: [Int], _ area: Int, _ picture: ExplainedPicture
  ) throws(ExplanationError) -> Float {
    var current = start
    var inputs = [current]
    var confidences: [Float] = []
    var done = 0
    for step in 1...steps {
      let goal = step * area / steps
      for place in order[done..<goal] {
        for index in stride(from: place, to: current.count, by: area) { current[index] = end[index] }
      }
      done = goal
      inputs.append(current)
      if inputs.count >= picture.batchSize || step == steps {
        confidences += try Self.confidences(inputs, picture)
        inputs = []
      }
    }
    let ends = ((confidences.first ?? 0) + (confidences.last ?? 0)) / 2
    return (confidences.reduce(0, +) - ends) / Float(steps)
  }

  private static func confidences(
    _ inputs: [[Float]], _ picture: ExplainedPicture
  ) throws(ExplanationError) -> [Float] {
    var result: [Float] = []
    while result.count < inputs.count {
      let range = result.count..<min(result.count + picture.batchSize, inputs.count)
      var batch = try Tensor(changedExamples: range.count, like: picture.input.shape)
      batch.withUnsafeMutableFloats { target in
        for (row, values) in inputs[range].enumerated() {
          for place in values.indices { target[row * values.count + place] = values[place] }
        }
      }
      result += try picture.confidences(ofInputs: batch)
    }
    return result
  }

  /// Three times the mean of a square, which is nearly a normal distribution.
  private static func blurred(_ source: [Float], width: Int, height: Int) -> [Float] {
    let radius = max(min(width, height) / 20, 1)
    var values = source
    for _ in 0..<3 {
      values = mean(values, count: width, step: 1, lines: values.count / width, lineStep: width, radius)
      let planes = values.count / (width * height)
      for plane in 0..<planes {
        let range = plane * width * height..<(plane + 1) * width * height
        values.replaceSubrange(
          range, with: mean(Array(values[range]), count: height, step: width, lines: width, lineStep: 1, radius))
      }
    }
    return values
  }

  private static func mean(
    _ source: [Float], count: Int, step: Int, lines: Int, lineStep: Int, _ radius: Int
  ) -> [Float] {
    var result = source
    for line in 0..<lines {
      let start = line * lineStep
      var sums = [Double](repeating: 0, count: count + 1)
      for i in 0..<count { sums[i + 1] = sums[i] + Double(source[start + i * step]) }
      for i in 0..<count {
        let (low, high) = (max(i - radius, 0), min(i + radius + 1, count))
        result[start + i * step] = Float((sums[high] - sums[low]) / Double(high - low))
      }
    }
    return result
  }

  /// What is missing becomes a weighed mean of its eight neighbors, of which others may be missing too, and a little noise.
  private static func imputed(
    _ source: [Float], without missing: ArraySlice<Int>, width: Int, height: Int, _ random: inout SeededRandom
  ) -> [Float] {
    let area = width * height
    let places = missing.sorted()
    let planes = source.count / area
    var values = source
    for plane in 0..<planes {
      let range = plane * area..<(plane + 1) * area
      let mean = source[range].reduce(0, +) / Float(area)
      for place in places { values[range.lowerBound + place] = mean }
      // Forward and backward in turns, so that values reach far into holes.
      for turn in 0..<40 {
        for place in turn.isMultiple(of: 2) ? places : places.reversed() {
          let (row, column) = (place / width, place % width)
          var (sum, weights): (Float, Float) = (0, 0)
          for dy in -1...1 {
            for dx in -1...1 where dy != 0 || dx != 0 {
              let (y, x) = (row + dy, column + dx)
              guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
              let weight: Float = dy == 0 || dx == 0 ? 1 / 6 : 1 / 12
              sum += weight * values[range.lowerBound + y * width + x]
              weights += weight
            }
          }
          values[range.lowerBound + place] = weights > 0 ? sum / weights : values[range.lowerBound + place]
        }
      }
      for place in places { values[range.lowerBound + place] += 0.01 * random.normal() }
    }
    return values
  }
}

extension ExplainedPicture {
  /// How sure the network is of the class, 0…1: by softmax over the scores, or where these are one number, by sigmoid.
  func confidences(ofInputs inputs: Tensor) throws(ExplanationError) -> [Float] {
    let scores = try allScores(ofInputs: inputs)
    let batch = scores.shape[0]
    let count = scores.shape.count / batch
    let classes = classCount
    let size = count / max(classes, 1)
    let values = scores.elements
    return (0..<batch).map { example in
      let own = (0..<classes).map { number in
        let start = example * count + number * size
        return values[start..<start + size].reduce(0, +) * target.sign
      }
      if classes == 1 { return 1 / (1 + exp(-own[0])) }
      let most = own.max() ?? 0
      let powers = own.map { exp($0 - most) }
      return powers[target.index] / powers.reduce(0, +)
    }
  }
}
