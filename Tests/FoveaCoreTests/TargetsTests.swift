import FoveaCore
import Testing

@Suite struct TargetsTests {
  private static let all: [Targets] = [
    [2, 0, 1, 1],
    .labels(TargetRows([1, 0, 0, 0, 1, 1, 0, 1], width: 2)),
    .numbers(TargetRows([0.5, -1, 2, 8], width: 1)),
    .masks(TargetRows([0, 0, 1, 1, 2, 2, 3, 3], width: 2)),
    .boxes([[], [TargetBox(PictureBox(x: 1, y: 2, width: 3, height: 4), target: 0)], [], []]),
  ]

  @Test(arguments: all) func aPartOfAPartCountsFromItsOwnStart(targets: Targets) {
    #expect(targets.count == 4)
    let part = targets[1..<4]
    #expect(part.count == 3 && part.kind == targets.kind)
    #expect(part[0..<1] == targets[1..<2] && part[0..<1] != targets[0..<1])
    #expect(part[1..<3] == targets[2..<4] && part[0..<0].count == 0)
  }

  @Test func rowsAreOfOneExampleEach() {
    let rows = TargetRows([1, 2, 3, 4, 5, 6], width: 2)
    #expect(rows.count == 3 && Array(rows[2]) == [5, 6] && Array(rows[1..<3][0]) == [3, 4])
    #expect(Targets([3, 1])[1..<2].classes.map(Array.init) == [1])
  }
}
