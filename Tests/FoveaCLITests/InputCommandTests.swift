import Foundation
import Fovea
import Testing

@Suite struct InputCommandTests {
  private func rows(_ result: Program.Result) throws -> [ConfigurationValue] { try result.lines.map(JSON.read) }

  @Test func pathsComeFromStandardInput() throws {
    let stripes = try TrainedStripes.get()
    let paths = ["none/2.png", "across/0.png"].map { stripes.pictures + "/" + $0 }
    let files = try TemporaryFolder()
    try files.write(paths.joined(separator: "\n"), to: "list")
    let result = try Program.run(
      "classify", stripes.model, "--from", "list", "--format", "jsonl", "--top", "1", in: files.path)
    result.expectSuccess()
    #expect(try rows(result).map { $0["path"]?.text } == paths)
    try Program.run("classify", stripes.model).expectFailure(64, saying: "path")
    try Program.run("classify", stripes.model, stripes.pictures, "-0").expectFailure(64, saying: "--from")
    try Program.run("classify", stripes.model, stripes.pictures, "--frames", "none").expectFailure(
      64, saying: "--frames")
    try Program.run("classify", stripes.model, "--from", "list", "--column", "x", in: files.path)
      .expectFailure(saying: "no column 'x'")
  }

  /// Also those of a table, which is measured by its first rows elsewhere.
  @Test(.timeLimit(.minutes(5)), arguments: ["jsonl", "table"])
  func rowsOfAPipeAppearBeforeItEnds(format: String) throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try #require(mkfifo(files["pipe"], 0o600) == 0)
    let program = try Program.start(
      ["classify", stripes.model, "--from", "pipe", "--format", format, "--top", "1"], in: files.path)
    let pipe = try #require(FileHandle(forWritingAtPath: files["pipe"]))
    for name in ["across/0.png", "none/2.png"] {
      try pipe.write(contentsOf: Data((stripes.pictures + "/" + name + "\n").utf8))
      while !program.output.contains(name), program.process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
    }
    #expect(program.process.isRunning)
    try pipe.close()
    program.finish().expectSuccess()
  }

  /// The end of a folder that is watched is ctrl-C, whatever the rows are.
  @Test(.timeLimit(.minutes(5))) func ctrlCEndsAWatchInGoodOrder() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.makeFolder("in")
    let program = try Program.start(
      ["classify", stripes.model, "--watch", "in", "--format", "jsonl", "--top", "1", "-o", "rows"], in: files.path)
    program.wait { files.text("rows").isEmpty && files.names.contains("rows") }
    try files.write("no picture", to: "new.png")
    #expect(rename(files["new.png"], files["in/bad.png"]) == 0)
    program.wait { files.text("rows").contains("bad.png") }
    kill(program.process.processIdentifier, SIGINT)
    program.finish().expectFailure(2, saying: "1 of 1 image could not be classified: 1 unsupported")
    #expect(files.text("rows").split(separator: "\n").count == 1)
    for option in ["--resume", "--retry-errors"] {
      try Program.run("classify", stripes.model, "--watch", "in", "-o", "rows", option, in: files.path)
        .expectFailure(64, saying: "\(option) does not go together with --watch")
    }
  }

  @Test func isolatedDecodingGivesTheSameRows() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("no picture", to: "bad.png")
    // A header that promises 60,000 × 60,000 pixels.
    try files.write(Array("P5\n60000 60000\n255\n".utf8) + [0, 0, 0], to: "huge.png")
    let arguments = ["classify", stripes.model, stripes.pictures, "bad.png", "huge.png", "--format", "jsonl"]
    let plain = try Program.run(arguments, in: files.path)
    let isolated = try Program.run(arguments + ["--isolate", "--timeout-per-picture", "100"], in: files.path)
    #expect(plain.output == isolated.output && plain.status == isolated.status)
    try Program.run("classify", stripes.model, stripes.pictures, "--timeout-per-picture", "1")
      .expectFailure(64, saying: "--isolate")
  }

  @Test func aPictureThatTakesTooLongIsARow() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let noise = (0..<12_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    try ImageEncoder.png().write(
      Image(width: 2000, height: 2000, channels: 3, pixels: .bytes(noise)), to: files["large.png"])
    try ImageEncoder.png().write(Stripes.picture(0, seed: 77), to: files["small.png"])
    let result = try Program.run(
      "classify", stripes.model, "small.png", "large.png", "small.png", "--isolate", "--timeout-per-picture", "0.01",
      "--threads", "1", "--format", "jsonl", in: files.path)
    result.expectFailure(2)
    let found = try rows(result)
    // How fast this machine is with the small ones is not the matter.
    #expect(found.count == 3 && found[1]["status"] == "error")
    #expect(found[1]["error"]?.text?.contains("--timeout-per-picture") == true, "\(found[1])")
  }
}
