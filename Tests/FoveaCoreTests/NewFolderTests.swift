import Foundation
import FoveaCore
import Testing

@Suite struct NewFolderTests {
  @Test func appearsInOneStep() throws {
    let scratch = try ScratchFolder()
    let folder = try NewFolder(scratch.path("up/new"))
    try folder.write("text", to: "in/a.txt")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("up/new")))
    try folder.commit()
    #expect(try String(contentsOfFile: scratch.path("up/new/in/a.txt"), encoding: .utf8) == "text")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("up")) == ["new"])
  }

  @Test func leavesNothingBehindWhereItIsNotCommitted() throws {
    let scratch = try ScratchFolder()
    do {
      let folder = try NewFolder(scratch.path("up/and/new"))
      try folder.write("text", to: "in/a.txt")
      #expect(throws: FileError.self) { try folder.write("text", to: "in/a.txt/b") }
    }
    #expect(try scratch.contents == [])
  }

  @Test func takesTheNameOfNothingThatIsThere() throws {
    let scratch = try ScratchFolder()
    try "old".write(toFile: scratch.path("a"), atomically: false, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: scratch.path("b"), withIntermediateDirectories: false)
    for name in ["a", "b", "a/c"] {
      #expect(throws: FileError.self) { try NewFolder(scratch.path(name)) }
    }
    #expect(try scratch.contents.sorted() == ["a", "b"])
  }
}
