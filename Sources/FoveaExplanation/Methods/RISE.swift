public import FoveaCore

/// How the score goes with what is seen, over many inputs of which soft random parts are dark. No gradients.
///
/// Source: Petsiuk, Das, Saenko 2018, "RISE", equations 4 to 6.
/// Deviates: scores are taken relative to their mean over the masks, and so may be those before softmax; and the heat is the
/// covariance of score and mask, divided by the mask's variance and not its mean, so that it is in units of the score.
public struct RISE: ExplanationMethod {
  public static let kind = "rise"
  public static let summary = "how the score goes with what is seen, over inputs with random dark parts"
  public static let title = "RISE"
  public static let place = ExplainedPlace.input
  public static let needsGradients = false
  public static let explanations = [
    "masks": "inputs with dark parts", "cells": "cells of a mask along each side, before it is enlarged and shifted",
    "seen": "the share of cells that is seen",
  ]

  public var masks: Int
  public var cells: Int
  public var seen: Float

  public init() { self.init(masks: 1000) }

  public init(masks: Int, cells: Int = 7, seen: Float = 0.5) {
    (self.masks, self.cells, self.seen) = (masks, cells, seen)
  }

  public func checkSettings() throws(ConfigurationError) {
    try require("masks", Float(masks), "2 to 1000000", (2...1_000_000).contains(masks))
    try require("cells", Float(cells), "1 to 256", (1...256).contains(cells))
    try require("seen", seen, "between 0 and 1", seen > 0 && seen < 1)
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let input = network.input
    let (height, width) = (input.shape[2], input.shape[3])
    let area = height * width
    let source = try [Float](of: input)
    var random = SeededRandom(seed: network.seed)
    // Σ score·mask, Σ mask and Σ mask² are enough, so that no mask is kept.
    var products = try [Double](places: area) { _ in 0 }
    var sums = try [Double](places: area) { _ in 0 }
    var squares = try [Double](places: area) { _ in 0 }
    var scoreSum = 0.0
    var range: ClosedRange<Float>?
    var done = 0
    while done < masks {
      let count = min(network.batchSize, masks - done)
      var batch = try Tensor(changedExamples: count, like: input.shape)
      var drawn = try Tensor(changedExamples: count, like: [1, area])
      drawn.withUnsafeMutableFloats { drawn in
        batch.withUnsafeMutableFloats { target in
          source.withUnsafeBufferPointer { source in
            for row in 0..<count {
              let mask = UnsafeMutableBufferPointer(rebasing: drawn[row * area..<(row + 1) * area])
              draw(mask, height: height, width: width, &random)
              for start in stride(from: 0, to: source.count, by: area) {
                let first = row * source.count + start
                for place in 0..<area { target[first + place] = source[start + place] * mask[place] }
              }
            }
          }
        }
      }
      let scores = try network.scores(ofInputs: batch)
      drawn.withUnsafeFloats { drawn in
        for (row, score) in scores.enumerated() {
          let mask = UnsafeBufferPointer(rebasing: drawn[row * area..<(row + 1) * area])
          scoreSum += Double(score)
          range = range.map { min($0.lowerBound, score)...max($0.upperBound, score) } ?? score...score
          Self.add(mask, times: Double(score), to: &products, &sums, &squares)
        }
      }
      done += count
    }
    // Where all is the same but for rounding, nothing matters.
    if let range, range.upperBound - range.lowerBound <= 1e-6 * max(abs(range.lowerBound), abs(range.upperBound)) {
      return Attribution(try Tensor(places: [1, height, width]) { _ in 0 })
    }
    let (n, mean) = (Double(masks), scoreSum / Double(masks))
    let heat = try Tensor(places: [1, height, width]) { place in
      let variance = squares[place] / n - (sums[place] / n) * (sums[place] / n)
      return variance > 1e-12 ? Float((products[place] - mean * sums[place]) / n / variance) : 0
    }
    return Attribution(heat)
  }

  private static func add(
    _ mask: UnsafeBufferPointer<Float>, times score: Double, to products: inout [Double], _ sums: inout [Double],
    _ squares: inout [Double]
  ) {
    products.withUnsafeMutableBufferPointer { products in
      sums.withUnsafeMutableBufferPointer { sums in
        squares.withUnsafeMutableBufferPointer { squares in
          for place in mask.indices {
            let seen = Double(mask[place])
            products[place] += score * seen
            sums[place] += seen
            squares[place] += seen * seen
          }
        }
      }
    }
  }

  /// Cells that are seen or dark, enlarged with soft borders to a little more than the input, of which a random part is taken.
  private func draw(
    _ mask: UnsafeMutableBufferPointer<Float>, height: Int, width: Int, _ random: inout SeededRandom
  ) {
    let side = cells + 1
    let grid = (0..<side * side).map { _ -> Float in random.uniform() < seen ? 1 : 0 }
    let (cellHeight, cellWidth) = ((height + cells - 1) / cells, (width + cells - 1) / cells)
    let (top, left) = (
      Int(random.next() % UInt64(max(cellHeight, 1))), Int(random.next() % UInt64(max(cellWidth, 1)))
    )
    func places(_ extent: Int, _ shift: Int, _ cell: Int) -> [(first: Int, second: Int, share: Float)] {
      (0..<extent).map { index in
        let place = min(max((Float(index + shift) + 0.5) / Float(cell) - 0.5, 0), Float(side - 1))
        let first = min(Int(place), side - 1)
        return (first, min(first + 1, side - 1), place - Float(first))
      }
    }
    let (rows, columns) = (places(height, top, cellHeight), places(width, left, cellWidth))
    var line = [Float](repeating: 0, count: side)
    var start = 0
    for row in rows {
      for cell in line.indices {
        line[cell] = grid[row.first * side + cell] * (1 - row.share) + grid[row.second * side + cell] * row.share
      }
      line.withUnsafeBufferPointer { line in
        for (index, column) in columns.enumerated() {
          mask[start + index] = line[column.first] * (1 - column.share) + line[column.second] * column.share
        }
      }
      start += width
    }
  }
}
