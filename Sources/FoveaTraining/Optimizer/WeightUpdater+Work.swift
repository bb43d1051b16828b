import FoveaCore
import FoveaModel

extension WeightUpdater {
  /// A piece of one parameter, and all that its update reads and writes.
  struct Piece {
    /// By place in ``Model/trainableParameters``.
    let parameter: Int
    let weights: UnsafeMutablePointer<Float>
    let gradients: [UnsafeMutablePointer<Float>]
    let memories: [UnsafeMutablePointer<Float>]
    let average: UnsafeMutablePointer<Float>?
    let count: Int

    /// Adds the gradients of all parts of the batch up, in the first one's memory.
    func sum(_ addends: some Sequence<UnsafeMutablePointer<Float>>) -> UnsafeMutablePointer<Float> {
      let sum = gradients[0]
      for addend in addends {
        for i in 0..<count { sum[i] += addend[i] }
      }
      return sum
    }
  }

  /// All that one step changes.
  struct Work {
    let pieces: [Piece]
    let tiles: [FactoredTile]
    let rules: [UpdateRule]
    /// Which of the rules each parameter has.
    let ruleNumbers: [Int]
    let step: Int
    let parts: Int
    /// The weight of a step in the running means.
    let averageShare: Float
    var adjustment = GradientAdjustment()
    /// Whether the gradients of all parts of the batch are added up already.
    private var areSummed = false

    init(
      pieces: [Piece], tiles: [FactoredTile], rules: [UpdateRule], ruleNumbers: [Int], step: Int, parts: Int,
      averageShare: Float
    ) {
      (self.pieces, self.tiles, self.rules, self.ruleNumbers) = (pieces, tiles, rules, ruleNumbers)
      (self.step, self.parts, self.averageShare) = (step, parts, averageShare)
    }

    // Neighbouring pieces go to one worker: handing out every piece on its own would cost more than the piece does.
    func run(part: Int) -> UpdatedNumbers {
      var numbers = UpdatedNumbers()
      for piece in pieces[share(part, of: pieces.count)] {
        let sum = piece.sum(areSummed ? [] : piece.gradients.dropFirst())
        adjustment.apply(sum, piece.count)
        let block = WeightBlock(piece.weights, gradients: sum, memories: piece.memories, count: piece.count)
        rules[ruleNumbers[piece.parameter]].update(block, of: piece.parameter, step: step, noting: &numbers)
        if let average = piece.average { block.average(into: average, share: averageShare) }
      }
      let own = tiles[share(part, of: tiles.count)]
      guard let largest = own.map(\.count).max() else { return numbers }
      let gradient = Tensor(uninitialized: [largest])
      for tile in own {
        let block = tile.block(gradient: gradient.address)
        adjustment.apply(gradient.address, tile.count)
        rules[ruleNumbers[tile.parameter]].update(block, of: tile.parameter, step: step, noting: &numbers)
        if let average = tile.average { block.average(into: average + tile.start, share: averageShare) }
      }
      withExtendedLifetime(gradient) {}
      return numbers
    }

    private func share(_ part: Int, of count: Int) -> Range<Int> { count * part / parts..<count * (part + 1) / parts }

    /// The root of the sum of all gradients' squares, the same on any number of threads.
    mutating func gradientNorm(on pool: WorkerPool) -> Double {
      let (pieces, tiles) = (pieces, tiles)
      let squares = pool.map(pieces.count + tiles.count) { number in
        if number < pieces.count {
          let piece = pieces[number]
          return Self.squares(piece.sum(piece.gradients.dropFirst()), piece.count)
        }
        let tile = tiles[number - pieces.count]
        let gradient = Tensor(uninitialized: [tile.count])
        defer { withExtendedLifetime(gradient) {} }
        _ = tile.block(gradient: gradient.address)
        return Self.squares(gradient.address, tile.count)
      }
      areSummed = true
      return squares.reduce(0, +).squareRoot()
    }

    private static func squares(_ numbers: UnsafeMutablePointer<Float>, _ count: Int) -> Double {
      var sum = 0.0
      for i in 0..<count { sum += Double(numbers[i]) * Double(numbers[i]) }
      return sum
    }
  }
}
