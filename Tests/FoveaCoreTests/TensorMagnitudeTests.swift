import FoveaCore
import Testing

@Suite struct TensorMagnitudeTests {
  @Test(arguments: [1, 7, 16, 63, 64, 65, 130, 1_003])
  func isTheLargestWhereverItStands(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    let numbers = (0..<count).map { _ in random.uniform(in: -1...1) }
    #expect(Tensor(numbers, [count]).largestMagnitude == numbers.map(abs).max())
    for place in 0..<count {
      var changed = numbers
      changed[place] = -3
      #expect(Tensor(changed, [count]).largestMagnitude == 3)
      for odd in [Float.nan, -.nan, .infinity, -.infinity, .signalingNaN] {
        changed[place] = odd
        let tensor = Tensor(changed, [count])
        #expect(tensor.largestMagnitude == .infinity && !tensor.isFinite)
      }
    }
  }

  @Test func theLargestFiniteNumberIsOne() {
    let tensor = Tensor([0, -.greatestFiniteMagnitude, .leastNonzeroMagnitude], [3])
    #expect(tensor.largestMagnitude == .greatestFiniteMagnitude && tensor.isFinite)
    #expect(Tensor(zeros: [5]).largestMagnitude == 0)
    #expect(Tensor(zeros: [0]).largestMagnitude == 0)
  }

  @Test func whatFillsALayoutUpDoesNotCount() {
    let tensor = Tensor((0..<34).map { Float($0) }, [17, 2]).converted(to: .interleaved)
    #expect(tensor.largestMagnitude == 33)
    var rows = Tensor([1, .nan, 2, 3], [2, 2])
    #expect(rows.rows(1..<2).isFinite && !rows.rows(0..<1).isFinite)
    rows.withUnsafeMutableFloats { $0[1] = 0 }
    #expect(rows.isFinite)
  }
}
