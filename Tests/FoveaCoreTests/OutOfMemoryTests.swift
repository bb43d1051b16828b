import FoveaCore
import Testing

@Suite struct OutOfMemoryTests {
  @Test func fillsArrays() throws {
    for count in [0, 1, 3, 1 << 21] {
      let array = try [UInt8](checkedCount: count) { buffer in
        buffer.initialize(repeating: 7)
        return buffer.count == count
      }
      #expect(array == [UInt8](repeating: 7, count: count))
    }
  }

  @Test func isEmptyWhereNothingWasWritten() throws {
    #expect(try [Int](checkedCount: 5) { _ in false } == [])
    #expect(try [Int](checkedCount: 1 << 20) { _ in false } == [])
  }

  @Test(arguments: [Int.max, Int.max / 2, 1 << 60, 1 << 45])
  func throwsWhereMemoryIsNotToBeHad(_ count: Int) {
    #expect(throws: OutOfMemory.self) { try [Float](checkedCount: count) { _ in true } }
    // The turn has been given back.
    #expect(throws: Never.self) { try [UInt8](checkedCount: 1 << 21) { _ in false } }
  }

  @Test func tensorsSayThatTheyDoNotFit() throws {
    for shape: Shape in [[1 << 20, 1 << 24], [1 << 30, 1 << 30, 1 << 2]] {
      #expect(throws: OutOfMemory.self) { try Tensor(checkedUninitialized: shape) }
      #expect(throws: OutOfMemory.self) { try Tensor(checkedZeros: shape, of: .int64) }
    }
    let zeros = try Tensor(checkedZeros: [300, 400], of: .int8)
    #expect(zeros.elements(of: Int8.self) == [Int8](repeating: 0, count: 120_000))
    #expect(try Tensor(checkedUninitialized: [2, 3]).shape == [2, 3])
  }

  /// What tensors have given back lies in blocks of their sizes, and makes room for others where there is no more.
  @Test func whatLiesFreeMakesRoom() async {
    await #expect(processExitsWith: .success) {
      func make(_ mebibytes: Int) throws { _ = try Tensor(checkedUninitialized: [mebibytes << 18]) }
      try make(1024)
      try MemoryLimit.leave(512 << 20)
      try make(1250)
      guard StoragePool.shared.bytes < 1400 << 20 else { throw MemoryLimit.Unexpected(what: "both are there") }
      try OutOfMemory.check(1200 << 20)
      guard StoragePool.shared.bytes < 1 << 20 else { throw MemoryLimit.Unexpected(what: "one is there") }
      do throws(OutOfMemory) { try OutOfMemory.check(1600 << 20) } catch { return }
      throw MemoryLimit.Unexpected(what: "more than there is")
    }
  }

  @Test func joinsRows() throws {
    let parts: [Tensor] = [Tensor([1, 2], [1, 2]), Tensor([3, 4, 5, 6], [2, 2])]
    #expect(try Tensor(joining: parts) == Tensor([1, 2, 3, 4, 5, 6], [3, 2]))
    #expect(try Tensor(joining: [parts[1]]).isSameMemory(as: parts[1]))
    let large = Tensor(uninitialized: [1, 1 << 26])
    #expect(throws: OutOfMemory.self) { try Tensor(joining: Array(repeating: large, count: 1 << 18)) }
  }
}
