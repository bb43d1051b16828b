import FoveaCore
import FoveaImage
import Testing

@Suite struct ColorMapTests {
  private static let maps: [any ColorMap] = [Viridis(), Magma(), Inferno(), Plasma(), Cividis(), Gray(), CoolWarm()]

  @Test func agreesWithMatplotlib() throws {
    let tables = try Fixtures.json("color-maps", as: [String: [Int]].self)
    var compared = 0
    for map in Self.maps {
      guard let expected = tables[type(of: map).kind] else { continue }
      let worst = zip(map.table, expected).map { abs(Int($0) - $1) }.max()
      #expect(worst! <= 1, "\(type(of: map).kind)")
      compared += 1
    }
    #expect(compared == 6)
  }

  @Test func hasTheColorsOfItsPaper() {
    // K. Moreland's table for the endpoints (59, 76, 192) and (180, 4, 38).
    let table = CoolWarm().table
    func color(_ index: Int) -> [Int] { table[3 * index..<3 * index + 3].map(Int.init) }
    for (index, expected) in [(0, [59, 76, 192]), (255, [180, 4, 38])] { #expect(color(index) == expected) }
    for index in [127, 128] { #expect(zip(color(index), [221, 221, 221]).allSatisfy { abs($0 - $1) <= 2 }) }
    for (index, expected) in [(64, [141, 176, 254]), (191, [244, 154, 123])] {
      #expect(zip(color(index), expected).allSatisfy { abs($0 - $1) <= 3 }, "\(color(index))")
    }
  }

  @Test func everyTableIsWhole() {
    for map in Self.maps {
      #expect(map.table.count == 768)
      #expect(Set(stride(from: 0, to: 768, by: 3).map { Array(map.table[$0..<$0 + 3]) }).count > 200)
    }
  }

  @Test func aRangeBesideZeroCountsAsOneValue() throws {
    let tiny = Float.leastNormalMagnitude
    let image = try Gray().image(of: [-tiny, 0, tiny], width: 3, height: 1, range: -tiny...tiny)
    #expect(image.pixels == .bytes([UInt8](repeating: 128, count: 9)))
  }

  @Test func drawsValuesOverTheirRange() throws {
    let image = try Gray().image(of: [-5, 0, 1, 2, 9, 1.5], width: 3, height: 2, range: 0...2)
    #expect(image.shape == [3, 2, 3])
    #expect(stride(from: 0, to: 18, by: 3).map { image.floats[$0] } == [0, 0, 128, 255, 255, 191])
  }

  @Test func drawsOddValuesToo() throws {
    let flat = try Gray().image(of: [4, 4], width: 2, height: 1, range: 4...4)
    #expect(flat.floats == [Float](repeating: 128, count: 6))
    let strange = try Gray().image(of: [.nan, .infinity, -.infinity], width: 3, height: 1, range: 0...1)
    #expect(strange.floats == [255, 0, 255, 255, 255, 255, 0, 0, 0])
    #expect(throws: ImageError.self) { try Gray().image(of: [1, 2, 3], width: 2, height: 2, range: 0...1) }
  }
}
