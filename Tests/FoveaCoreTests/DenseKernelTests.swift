import FoveaCore
import Testing

/// The kernels of large dense layers, element by element against plain loops.
@Suite struct DenseKernelTests {
  private static let cases: [(sizes: [Int], instructions: VectorInstructions)] = [
    [1, 1, 1], [2, 1_500, 9], [5, 333, 130], [7, 64, 6], [16, 2_070, 13], [33, 70, 65],
  ].flatMap { sizes in
    VectorInstructions.allCases.filter(\.isAvailable).map { (sizes, $0) }
  }

  private static func numbers(_ shape: Shape, _ random: inout SeededRandom) -> Tensor {
    Tensor((0..<shape.count).map { _ in Float.random(in: -1...1, using: &random) }, shape)
  }

  private static func expectClose(_ tensor: Tensor, _ expected: [Double], scale: Int) {
    let tolerance = 1e-6 * Double(scale).squareRoot() + 1e-6
    let worst = zip(tensor.elements, expected).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(worst <= tolerance && tensor.shape.count == expected.count)
  }

  @Test(arguments: cases)
  func passesAreThoseOfPlainLoops(sizes: [Int], instructions: VectorInstructions) throws {
    let (batch, features, units) = (sizes[0], sizes[1], sizes[2])
    var random = SeededRandom(seed: 7)
    let x = Self.numbers([batch, features], &random)
    let w = Self.numbers([units, features], &random)
    let bias = Self.numbers([units], &random)
    let gradient = Self.numbers([batch, units], &random)
    let (a, m, b, g) = (x.elements, w.elements, bias.elements, gradient.elements)
    var output = [Double](repeating: 0, count: batch * units)
    var inputGradient = [Double](repeating: 0, count: batch * features)
    for e in 0..<batch {
      for u in 0..<units {
        output[e * units + u] = Double(b[u])
        for i in 0..<features {
          output[e * units + u] += Double(a[e * features + i]) * Double(m[u * features + i])
          inputGradient[e * features + i] += Double(g[e * units + u]) * Double(m[u * features + i])
        }
      }
    }
    let plain = try #require(
      DenseKernel(features: features, units: units, rectifies: false, instructions: instructions))
    let rectified = try #require(
      DenseKernel(features: features, units: units, rectifies: true, instructions: instructions))
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    var results: [Tensor] = []
    for count in [1, 3] {
      KernelThreads.set(count)
      results.append(plain.forward(x, w, bias))
      Self.expectClose(plain.forward(x, w, bias), output, scale: features)
      Self.expectClose(rectified.forward(x, w, bias), output.map { max($0, 0) }, scale: features)
      Self.expectClose(plain.inputGradient(gradient, w), inputGradient, scale: units)
    }
    #expect(results[0] == results[1])
  }

  @Test func whatIsNoNumberStaysSo() throws {
    let kernel = try #require(DenseKernel(features: 40, units: 5, rectifies: true))
    let output = kernel.forward(
      Tensor(repeating: .nan, [2, 40]), Tensor(repeating: 1, [5, 40]), Tensor(zeros: [5]))
    #expect(output.elements.filter { !$0.isNaN }.isEmpty)
  }
}
