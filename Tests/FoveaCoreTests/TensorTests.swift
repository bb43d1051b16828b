import FoveaCore
import Testing

@Suite struct TensorTests {
  @Test func isAValue() {
    let a = Tensor([1, 2, 3, 4], [2, 2])
    var b = a
    b.withUnsafeMutableFloats { $0[0] = 9 }
    #expect(a.elements == [1, 2, 3, 4])
    #expect(b.elements == [9, 2, 3, 4])
  }

  @Test func reshapesWithoutCopying() {
    let a = Tensor((0..<12).map(Float.init), [3, 4])
    let b = a.reshaped([2, 6])
    #expect(b.elements == a.elements)
    #expect(a.address == b.address)
    #expect(a.rows(1..<3).elements == (4..<12).map(Float.init))
  }

  @Test func gradientsAdd() {
    var gradients = Gradients([[2], [1]])
    #expect(gradients[0].elements == [0, 0])
    gradients.add(Tensor([1, 2], [2]), to: 0)
    gradients.add(Tensor([10, 20], [2]), to: 0)
    gradients.add(to: 1) { $0[0] += 5 }
    #expect(gradients[0].elements == [11, 22])
    #expect(gradients[1].elements == [5])
  }

  @Test func memoryIsUsedAgain() {
    // A size that no other test has, since tests run side by side.
    let shape: Shape = [3, 1_234_567]
    let first = Tensor(zeros: shape).address
    let second = Tensor(zeros: shape).address
    #expect(first == second)
  }

  @Test func randomNumbersFollowFromTheSeed() {
    var a = SeededRandom(seed: 7)
    var b = SeededRandom(seed: 7)
    var c = SeededRandom(seed: 8)
    let numbers = (0..<1000).map { _ in a.normal() }
    #expect(numbers == (0..<1000).map { _ in b.normal() })
    #expect(numbers != (0..<1000).map { _ in c.normal() })
    let mean = numbers.reduce(0, +) / 1000
    let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 1000
    #expect(abs(mean) < 0.12 && abs(variance - 1) < 0.15)
  }
}
