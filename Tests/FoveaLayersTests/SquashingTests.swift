import Foundation
import FoveaCore
import Testing

@Suite struct SquashingTests {
  @Test(arguments: [1, 5, 16, 100_003]) func equalsTheLibrarysTangent(_ count: Int) {
    let squashing = Squashing(amplitude: 1.7159, slope: 2 / 3)
    let x = (0..<count).map { Float($0) / Float(count) * 30 - 14 }
    let y = squashing.apply(Tensor(x, [count])).elements
    for (x, y) in zip(x, y) {
      let expected = 1.7159 * tanh(2 / 3 * Double(x))
      #expect(abs(Double(y) - expected) <= 3e-7 * max(abs(expected), 1e-3))
    }
    let fresh = Tensor(x, [count])
    squashing.apply(inPlace: fresh)
    #expect(fresh.elements == y)
  }

  @Test func keepsWhatIsNoFiniteNumber() {
    let y = Squashing(amplitude: 2, slope: 1).apply(Tensor([.nan, .infinity, -.infinity, 0, -0.0], [5])).elements
    #expect(y[0].isNaN)
    #expect(y[1] == 2 && y[2] == -2 && y[3] == 0)
    #expect(y[4] == 0)
  }

  @Test func gradientIsTheDerivative() {
    let squashing = Squashing(amplitude: 1.5, slope: 0.7)
    let x = (0..<37).map { Float($0) / 5 - 3 }
    let y = squashing.apply(Tensor(x, [37]))
    let gradient = squashing.inputGradient(Tensor(repeating: 2, [37]), output: y).elements
    for (x, gradient) in zip(x, gradient) {
      let tangent = tanh(0.7 * Double(x))
      #expect(abs(Double(gradient) - 2 * 1.5 * 0.7 * (1 - tangent * tangent)) < 1e-5)
    }
  }
}
