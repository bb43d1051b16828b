import FoveaCore
import Testing

@Suite struct TextTableTests {
  private func table(_ rows: [[String]]) -> TextTable {
    var table = TextTable([("name", .left), ("words", .left), ("count", .right)])
    for row in rows { table.add(row) }
    return table
  }

  private let rows = [["first", "a few words that go on", "1,000"], ["second", "two", "7"]]

  @Test func columnsAreAsWideAsTheyNeedToBe() {
    #expect(
      table(rows).lines() == [
        "name    words                   count",
        "first   a few words that go on  1,000",
        "second  two                         7",
      ])
    #expect(table(rows).lines(width: 37) == table(rows).lines())
  }

  @Test func textGivesWayAndGoesOnBelow() {
    #expect(
      table(rows).lines(width: 30) == [
        "name    words            count",
        "first   a few words      1,000",
        "        that go on",
        "second  two                  7",
      ])
  }

  @Test func whatIsTooNarrowForColumnsBecomesParagraphs() {
    #expect(
      table(rows).lines(width: 22) == [
        "first", "  words a few words", "  that go on,", "  count 1,000", "second", "  words two, count 7",
      ])
  }

  @Test func nothingIsLostAtAnyWidth() {
    let long = [
      ["a/path/that/is/longer/than/any/column.png", "label", "12.50 %"],
      ["b.png", String(repeating: "w", count: 50), "1"],
    ]
    for width in 20...80 {
      let lines = table(long).lines(width: width)
      #expect(lines.allSatisfy { $0.columns <= width }, "\(width): \(lines)")
      let text = lines.joined().filter { $0 != " " }
      for cell in ["12.50%", "label", "b.png", "column.png"] { #expect(text.contains(cell), "\(width): \(lines)") }
      #expect(text.filter { $0 == "w" }.count >= 50)
    }
  }

  @Test func aShortRowsLastCellSpansTheRest() {
    #expect(
      table([["first", "one", "1"], ["second", "this cannot be decoded"]]).lines() == [
        "name    words  count", "first   one        1", "second  this cannot be decoded",
      ])
  }

  @Test func titlesThatAreEmptyTakeNoLine() {
    var table = TextTable([("", .left), ("", .right)])
    table.add(["images", "10,000"])
    table.addRule()
    table.add(["loss", "0.1"])
    #expect(table.lines() == ["images  10,000", "──────────────", "loss       0.1"])
  }

  @Test func wideCharactersAndMarksLineUp() {
    let labels = ["猫", "한국어", "e\u{301}te\u{301}", "👩‍👩‍👧", "🇩🇪", "❤️", "ｗ", "cat"]
    #expect(labels.map(\.columns) == [2, 6, 3, 2, 2, 2, 2, 3])
    let lines = table(labels.map { [$0, "x", "1"] }).lines()
    #expect(Set(lines.map(\.columns)).count == 1)
  }

  @Test func controlCharactersDoNoHarm() {
    let lines = table([["a\nb\u{1B}[31m", "x\u{202E}y", "1\t"]]).lines()
    #expect(lines.count == 2)
    #expect(lines[1].unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{202E}" })
  }

  @Test func rowsThatComeLaterAreLaidOutTheSame() {
    let layout = table(rows).layout()
    let late = layout.lines(["a name that nobody expected", "x", "1"])
    #expect(late == ["a name that nobody expected  x                           1"])
  }
}
