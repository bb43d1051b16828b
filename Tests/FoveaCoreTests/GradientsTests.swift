import FoveaCore
import Testing

/// Gradients that are kept as outer products are those that are added as tensors.
@Suite struct GradientsTests {
  /// Whole numbers and halves, whose sums are exact whatever their order.
  private static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in Float(Int.random(in: -8...8, using: &random)) / 2 }, shape)
  }

  private static func product(_ left: Tensor, _ right: Tensor, _ shape: Shape) -> Tensor {
    let (a, b) = (left.elements, right.elements)
    let (rows, columns) = (left.shape[1], right.shape[1])
    return Tensor(shape) { result in
      for term in 0..<left.shape[0] {
        for i in 0..<rows {
          for j in 0..<columns { result[i * columns + j] += a[term * rows + i] * b[term * columns + j] }
        }
      }
    }
  }

  @Test(arguments: [[1, 40, 100], [3, 37, 131], [7, 64, 64], [13, 130, 1_027]])
  func outerProductsAreTheirMatrix(sizes: [Int]) {
    let (terms, rows, columns) = (sizes[0], sizes[1], sizes[2])
    let shape: Shape = [rows, columns]
    var sum = Tensor(zeros: shape)
    var gradients = Gradients([shape, [2]])
    for part in 0..<2 {
      let left = Self.numbers([terms, rows], seed: UInt64(part))
      let right = Self.numbers([terms, columns], seed: UInt64(part + 10))
      gradients.add(OuterProducts(left: left, right: right), to: 0)
      var expected = Gradients([sum])
      expected.add(Self.product(left, right, shape), to: 0)
      sum = expected[0]
    }
    #expect(gradients[0] == sum)
    #expect(gradients.tensors[0] == sum)
    #expect(gradients.tensors[1] == nil)
    #expect(gradients.isFactored(0))

    // A tensor on top, and as the addend of others.
    var others = Gradients([shape, [2]])
    others.add(gradients)
    #expect(others[0] == sum)
    others.add(sum, to: 0)
    others.add(gradients)
    #expect(!others.isFactored(0))
    #expect(others[0].elements == sum.elements.map { $0 * 3 })

    gradients.reset()
    #expect(gradients.tensor(0) == nil)
    #expect(gradients[0] == Tensor(zeros: shape))
  }

  @Test func factorsThatGrowLargerThanTheirMatrixAreSummed() {
    let shape: Shape = [16, 16]
    var gradients = Gradients([shape])
    var sum = [Float](repeating: 0, count: shape.count)
    for pass in 0..<9 {
      let left = Self.numbers([1, 16], seed: UInt64(pass))
      let right = Self.numbers([1, 16], seed: UInt64(pass + 20))
      gradients.add(OuterProducts(left: left, right: right), to: 0)
      sum = zip(sum, Self.product(left, right, shape).elements).map(+)
      #expect(gradients.outerProducts(0).reduce(0) { $0 + $1.terms } <= 4)
      #expect(gradients[0].elements == sum)
    }
    #expect(!gradients.isFactored(0))
  }
}
