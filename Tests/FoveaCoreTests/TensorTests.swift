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

  @Test func elementsThatDoNotFillTheShapeAreAnError() throws {
    #expect(throws: TensorError.elementCount([2, 2], got: 3)) { try Tensor(checking: [1, 2, 3], [2, 2]) }
    #expect(
      TensorError.elementCount([2, 2], got: 3).description
        == "a tensor of shape [2, 2] has 4 elements, but 3 were given")
    #expect(try Tensor(checking: [1, 2, 3, 4], [2, 2]) == Tensor([1, 2, 3, 4], [2, 2]))
  }

  #if compiler(>=6.2)
    /// What the program's own code does wrong ends it, and names the place, in an optimized program too.
    @Test func misuseSaysWhatIsWrong() async throws {
      let count = try #require(
        await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
          _ = Tensor([1, 2, 3], [2, 2])
        })
      let words = String(decoding: count.standardErrorContent, as: UTF8.self)
      #expect(words.contains("a tensor of shape [2, 2] has 4 elements, but 3 were given"))
      #expect(words.contains("TensorTests.swift"))
      let rows = try #require(
        await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
          _ = Tensor(zeros: [2, 2]).rows(1..<3)
        })
      #expect(String(decoding: rows.standardErrorContent, as: UTF8.self).contains("has no rows 1..<3"))
      let extent = try #require(
        await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Shape([2, -1]) })
      #expect(String(decoding: extent.standardErrorContent, as: UTF8.self).contains("[2, -1] has a negative extent"))
    }
  #endif
}
