import Foundation
import FoveaCore
import Testing

struct VectorFunctionTests {
  private func check(
    _ range: ClosedRange<Float>, _ tolerance: Double, _ function: (SIMD16<Float>) -> SIMD16<Float>,
    _ expected: (Double) -> Double
  ) {
    let count = 4000
    for start in stride(from: 0, to: count, by: 16) {
      let x = SIMD16<Float>(
        (start..<start + 16).map { range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count) }
      )
      let y = function(x)
      for lane in 0..<16 {
        let exact = expected(Double(x[lane]))
        #expect(abs(Double(y[lane]) - exact) <= tolerance * max(abs(exact), 1e-30), "f(\(x[lane])) = \(y[lane])")
      }
    }
  }

  @Test func theyAreWhatTheLibraryGives() {
    check(-87...87.9, 3.6e-7, { $0.exponential() }, exp)
    check(-30...30, 5e-7, { $0.logistic() }, { 1 / (1 + exp(-$0)) })
    check(-9...9, 4e-7, { $0.hyperbolicTangent() }, tanh)
    check(-0.01...0.01, 4e-7, { $0.hyperbolicTangent() }, tanh)
  }

  @Test func theEndsAreFinite() {
    let x = SIMD16<Float>(repeating: 0).replacing(with: 1e30, where: SIMDMask(repeating: true))
    #expect(x.exponential()[0].isFinite && (-x).exponential()[0] < 1.3e-38)
    #expect(x.logistic()[3] == 1 && (-x).logistic()[3] < 1e-37)
    #expect(x.hyperbolicTangent()[0] == 1 && (-x).hyperbolicTangent()[0] == -1)
    let none = SIMD16<Float>(repeating: .nan)
    #expect(none.exponential()[0].isNaN && none.hyperbolicTangent()[15].isNaN && none.logistic()[7].isNaN)
  }
}
