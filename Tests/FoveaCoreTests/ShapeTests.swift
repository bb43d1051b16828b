import FoveaCore
import Testing

@Suite struct ShapeTests {
  @Test func countsElements() {
    #expect(Shape([2, 3, 4]).count == 24)
    #expect(Shape([]).count == 1)
    #expect(Shape([5, 0]).count == 0)
    #expect(Shape([2, 3]).batched(7) == [7, 2, 3])
    #expect(Shape([7, 2, 3]).withoutBatch == [2, 3])
  }

  @Test func refusesExtentsFromOutsideThatCannotBe() {
    #expect(throws: ShapeError.negativeExtent([2, -1])) { try Shape(checking: [2, -1]) }
    #expect(throws: ShapeError.tooLarge([1 << 40, 1 << 40])) { try Shape(checking: [1 << 40, 1 << 40]) }
  }
}
