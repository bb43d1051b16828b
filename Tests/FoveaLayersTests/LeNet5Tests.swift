import FoveaCore
import FoveaLayers
import Testing

/// The layers of LeNet-5 have the shapes, weights and connections that the paper gives.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B.
@Suite struct LeNet5Tests {
  /// Table I: which maps of S2 each map of C3 sees.
  private static let table =
    (0..<6).map { first in (0..<3).map { (first + $0) % 6 }.sorted() }
    + (0..<6).map { first in (0..<4).map { (first + $0) % 6 }.sorted() }
    + [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]]

  @Test func countsAreThePapers() throws {
    let c1 = try Convolution(.init(filters: 6, kernel: 5, initialization: .fanIn), input: [1, 32, 32])
    let s2 = try TrainableSubsampling(.init(window: 2), input: c1.outputShape)
    let c3 = try Convolution(
      .init(filters: 16, kernel: 5, initialization: .fanIn, connections: Self.table), input: s2.outputShape)
    let s4 = try TrainableSubsampling(.init(window: 2), input: c3.outputShape)
    let c5 = try Convolution(.init(filters: 120, kernel: 5, initialization: .fanIn), input: s4.outputShape)
    let flat = try Flatten(.init(), input: c5.outputShape)
    let f6 = try Dense(.init(units: 84, initialization: .fanIn), input: flat.outputShape)
    let output = try RadialBasisOutput(.init(codes: .paper), input: f6.outputShape)
    let layers: [any Layer] = [c1, s2, c3, s4, c5, f6, output]
    #expect(
      layers.map(\.outputShape) == [[6, 28, 28], [6, 14, 14], [16, 10, 10], [16, 5, 5], [120, 1, 1], [84], [10]])
    let trainable = layers.map { layer in
      layer.parameters.filter(\.isTrainable).reduce(0) { $0 + $1.shape.count }
    }
    #expect(trainable == [156, 12, 1516, 32, 48120, 10164, 0])
    #expect(layers.map(\.connections) == [122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840])
    #expect(layers.reduce(0) { $0 + $1.connections } == 340_908)
  }

  @Test func weightsStartByTheFanInOfTheirUnit() throws {
    let c3 = try Convolution(
      .init(filters: 16, kernel: 5, initialization: .fanIn, connections: Self.table), input: [6, 14, 14])
    var random = SeededRandom(seed: 4)
    let kernel = c3.parameters[0].makeTensor(using: &random).elements
    let bias = c3.parameters[1].makeTensor(using: &random).elements
    var pair = 0
    for (filter, maps) in Self.table.enumerated() {
      let bound = 2.4 / Float(maps.count * 25)
      let weights = kernel[pair * 25..<(pair + maps.count) * 25]
      #expect(weights.allSatisfy { abs($0) <= bound } && (weights.map(abs).max() ?? 0) > 0.9 * bound)
      #expect(abs(bias[filter]) <= bound)
      pair += maps.count
    }
    #expect(pair * 25 == kernel.count && Set(bias).count == 16)
  }

  @Test func otherRulesStartBiasesAtZero() throws {
    let layer = try Convolution(.init(filters: 3, kernel: 3), input: [2, 5, 5])
    var random = SeededRandom(seed: 4)
    #expect(layer.parameters[1].makeTensor(using: &random).elements == [0, 0, 0])
    let bound = (6 / Float(2 * 9 + 3 * 9)).squareRoot()
    #expect(layer.parameters[0].initialization == .uniform(bound: bound))
  }

  @Test func theCodesArePictures() throws {
    let zero = try #require(CharacterBitmap.pixels(of: "0"))
    let rows = (0..<12).map { row in zero[row * 7..<(row + 1) * 7].map { $0 > 0 ? "#" : "." }.joined() }
    let five = try #require(CharacterBitmap.pixels(of: "5"))
    #expect(rows.count == 12 && Set(zero) == [-1, 1])
    // The bar at the top of 0, 2, 4 and 5 is the paper's.
    for digit in "0245" { #expect(CharacterBitmap.pixels(of: digit)?.prefix(7).filter { $0 > 0 }.count ?? 0 >= 3) }
    #expect(five.count == 84)
    let all = (32..<127).compactMap { CharacterBitmap.pixels(of: Character(Unicode.Scalar(UInt8($0)))) }
    #expect(all.count == 95 && CharacterBitmap.pixels(of: "ä") == nil && CharacterBitmap.pixels(of: "\n") == nil)
    #expect(all[0].allSatisfy { $0 == -1 })
  }

  @Test func theNearestCodeWins() throws {
    let layer = try RadialBasisOutput(.init(codes: .paper), input: [84])
    #expect(!layer.parameters[0].isTrainable)
    var random = SeededRandom(seed: 1)
    let codes = layer.parameters[0].makeTensor(using: &random)
    let distances = try layer.infer(codes, [codes]).elements
    for unit in 0..<10 {
      let row = distances[unit * 10..<unit * 10 + 10]
      #expect(row.min() == 0 && row.firstIndex(of: 0) == unit * 10 + unit)
      // Bits that differ count 4 each.
      #expect(row.allSatisfy { $0.truncatingRemainder(dividingBy: 4) == 0 })
    }
  }
}
