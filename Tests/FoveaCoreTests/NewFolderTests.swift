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

  @Test func joinsWhatIsThere() throws {
    let scratch = try ScratchFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: scratch.path("a"), withIntermediateDirectories: false)
    for name in ["old", "kept", "mine"] {
      try name.write(toFile: scratch.path("a/" + name), atomically: false, encoding: .utf8)
    }
    func open() throws -> NewFolder {
      try NewFolder(scratch.path("a") + "//", mayExist: true, keeping: [FilePath(scratch.path("a/mine"))])
    }
    do {
      let folder = try open()
      try folder.write("new", to: "old")
      // The same name again is no second file.
      try folder.write("newer", to: "old")
      #expect(throws: FileError.self) { try folder.write("new", to: "mine") }
    }
    #expect(try files.contentsOfDirectory(atPath: scratch.path("a")).sorted() == ["kept", "mine", "old"])
    let folder = try open()
    for name in ["old", "in/new"] { try folder.write("new", to: name) }
    #expect(try String(contentsOfFile: scratch.path("a/old"), encoding: .utf8) == "old")
    try folder.commit()
    #expect(try files.contentsOfDirectory(atPath: scratch.path("a")).sorted() == ["in", "kept", "mine", "old"])
    for (name, text) in [("old", "new"), ("in/new", "new"), ("kept", "kept"), ("mine", "mine")] {
      #expect(try String(contentsOfFile: scratch.path("a/" + name), encoding: .utf8) == text)
    }
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
