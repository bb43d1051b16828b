import FoveaCore
import Testing

@Suite struct ShapeTests {
  @Test func countsElements() {
    #expect(Shape([2, 3, 4]).count == 24)
    #expect(Shape([]).count == 1)
    #expect(Shape([5, 0]).count == 0)
    #expect(Shape([2, 3]).batched(7) == [7, 2, 3])
    #expect(Shape([7, 2, 3]).withoutBatch == [2, 3])
    #expect(Shape([7, 2, 3]).isBatch(of: [2, 3]))
    #expect(!Shape([7, 2, 3]).isBatch(of: [2, 4]) && !Shape([0, 2, 3]).isBatch(of: [2, 3]))
    #expect(!Shape([7, 1, 2, 3]).isBatch(of: [2, 3]) && !Shape([2]).isBatch(of: [2]))
    // Axes of extent 1 are axes.
    #expect(Shape([3, 1]) != [3] && Shape([3, 1]).dimensions == [3, 1])
  }

  @Test func hasRoomForEightAxes() throws {
    let most = try Shape(checking: [2, 3, 1, 4, 1, 1, 2, 5])
    #expect(most.count == 240 && most.rank == 8 && most[7] == 5)
    #expect(most.withoutBatch == [3, 1, 4, 1, 1, 2, 5])
    #expect(most.withoutBatch.batched(2) == most && most.isBatch(of: most.withoutBatch))
    #expect(most != [2, 3, 1, 4, 1, 1, 2, 6] && most != [2, 3, 1, 4, 1, 1, 2])
    #expect(try Shape(checking: [1 << 32 - 1]).count == 1 << 32 - 1)
  }

  @Test func refusesExtentsFromOutsideThatCannotBe() {
    #expect(throws: ShapeError.negativeExtent([2, -1])) { try Shape(checking: [2, -1]) }
    let nine = [1, 1, 1, 1, 1, 1, 1, 1, 1]
    #expect(throws: ShapeError.tooManyAxes(nine)) { try Shape(checking: nine) }
    #expect(throws: ShapeError.tooLarge([1 << 33])) { try Shape(checking: [1 << 33]) }
    #expect(throws: ShapeError.tooLarge([1 << 40, 1 << 40])) { try Shape(checking: [1 << 40, 1 << 40]) }
  }
}
