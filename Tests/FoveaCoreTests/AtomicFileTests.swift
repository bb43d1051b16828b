import Foundation
import FoveaCore
import Testing

@Suite struct AtomicFileTests {
  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func replacesAFileInOneStep() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("a")
    try "old".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let file = try AtomicFile(path)
    try file.write(Array("ne".utf8))
    try file.write(Array("w".utf8))
    #expect(try text(path) == "old")
    try file.commit()
    #expect(try text(path) == "new")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
    #expect(try scratch.contents == ["a"])
  }

  @Test func leavesNothingBehindWhereItIsNotCommitted() throws {
    let scratch = try ScratchFolder()
    try "old".write(toFile: scratch.path("a"), atomically: false, encoding: .utf8)
    do {
      let file = try AtomicFile(scratch.path("a"))
      try file.write(Array("new".utf8))
      #expect(try scratch.contents.count == 2)
    }
    #expect(try scratch.contents == ["a"])
    #expect(try text(scratch.path("a")) == "old")
  }

  @Test func writesThroughALink() throws {
    let scratch = try ScratchFolder()
    try "old".write(toFile: scratch.path("a"), atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: "a")
    let file = try AtomicFile(scratch.path("link"))
    try file.write(Array("new".utf8))
    try file.commit()
    #expect(try text(scratch.path("a")) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == "a")
  }

  @Test func namesAMissingFolder() throws {
    let scratch = try ScratchFolder()
    #expect(
      throws: FileError.unwritable(
        path: scratch.path("no/a"), reason: "there is no folder '\(scratch.path("no"))'; create it first")
    ) { try AtomicFile(scratch.path("no/a")) }
  }

  @Test(arguments: ["/dev/null", "/tmp", "/"])
  func refusesWhatIsNoFile(path: String) {
    #expect(
      throws: FileError.unwritable(path: path, reason: "it is a folder or a device; choose another name")
    ) { try AtomicFile(path) }
  }

  @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
  func refusesAFileThatIsWriteProtected() throws {
    let scratch = try ScratchFolder()
    try "old".write(toFile: scratch.path("a"), atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: scratch.path("a"))
    #expect(throws: FileError.self) { try AtomicFile(scratch.path("a")) }
  }

  @Test(arguments: ["/", "/dev/zero", "/nowhere/at/all"])
  func readingWhatIsNoFileIsAnError(path: String) {
    let error = #expect(throws: SafeTensorsError.self) { try SafeTensors(contentsOf: path) }
    guard case .file(.unreadable(path, _, _)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func readingANamedPipeDoesNotWait() throws {
    let scratch = try ScratchFolder()
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    #expect(throws: SafeTensorsError.self) { try SafeTensors(contentsOf: scratch.path("pipe")) }
  }

  /// A process that was killed lets go of its lock; one that writes holds it.
  @Test func whatKilledProcessesLeftIsRemovedAndNothingElse() throws {
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8).prefix(8)
    let scratch = try ScratchFolder()
    let (left, written) = (".fovea-\(boot)-left.partial", ".fovea-\(boot)-written.partial")
    let others = [".fovea-00000000-other.partial", ".fovea-older.partial", ".fovea-\(boot)-no", written]
    for name in others + [left] { try "x".write(toFile: scratch.path(name), atomically: false, encoding: .utf8) }
    let folder = scratch.path(".fovea-\(boot)-folder.partial")
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    try "x".write(toFile: folder + "/in/a", atomically: false, encoding: .utf8)
    let writer = open(scratch.path(written), O_WRONLY | O_CLOEXEC)
    defer { close(writer) }
    #expect(flock(writer, LOCK_EX) == 0)
    let file = try AtomicFile(scratch.path("a"))
    try file.commit()
    #expect(try scratch.contents.sorted() == (others + ["a"]).sorted())
  }
}
