import FoveaCore
import FoveaLayers
import Testing

@Suite struct DropoutTests {
  private let ones = Tensor(repeating: 1, [2, 5000])

  private func drop(_ rate: Float, seed: UInt64) throws -> [Float] {
    let layer = try Dropout(.init(rate: rate), input: [5000])
    return try layer.forward(ones, [], TrainingContext(seed: seed)).output.elements
  }

  @Test func dropsAtItsRateAndKeepsTheSum() throws {
    for rate in [0.1, 0.5, 0.9] as [Float] {
      let output = try drop(rate, seed: 5)
      let kept = output.filter { $0 != 0 }
      #expect(abs(Float(kept.count) / 10_000 - (1 - rate)) < 0.02)
      #expect(kept.allSatisfy { abs($0 - 1 / (1 - rate)) < 1e-5 })
    }
    #expect(try drop(0, seed: 5) == ones.elements)
  }

  @Test func dependsOnTheSeedAlone() throws {
    #expect(try drop(0.5, seed: 5) == drop(0.5, seed: 5))
    #expect(try drop(0.5, seed: 5) != drop(0.5, seed: 6))
  }

  @Test func neighborsAreIndependent() throws {
    let output = try drop(0.5, seed: 9)
    let alike = zip(output, output.dropFirst()).count { ($0 == 0) == ($1 == 0) }
    #expect(abs(alike - 5000) < 200)
  }

  @Test func doesNothingInUse() throws {
    let layer = try Dropout(.init(rate: 0.9), input: [5000])
    #expect(try layer.infer(ones, []) == ones)
  }
}
