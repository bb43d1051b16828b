import Foundation
import Fovea
import Glibc
import Testing

/// Runs over many images that end before they are done.
@Suite(.timeLimit(.minutes(5))) struct BatchCommandTests {
  let stripes: TrainedStripes
  let files: TemporaryFolder

  init() throws {
    stripes = try TrainedStripes.get()
    files = try TemporaryFolder()
    try files.makeFolder("in")
    for number in 0..<4 {
      try ImageEncoder.png().write(Stripes.picture(number % 3, seed: UInt64(number)), to: files["source\(number).png"])
    }
    for number in 0..<1_000 {
      let name = String(repeating: "0", count: 4 - "\(number)".count) + "\(number).png"
      if number % 100 == 42 {
        try files.write("no picture", to: "in/" + name)
      } else {
        try FileManager.default.linkItem(atPath: files["source\(number % 4).png"], toPath: files["in/" + name])
      }
    }
  }

  private func classify(_ arguments: String...) -> [String] { ["classify", stripes.model, "in"] + arguments }

  private func run(_ arguments: [String]) throws -> Program.Result { try Program.run(arguments, in: files.path) }

  @Test(arguments: [SIGKILL, SIGTERM]) func aRunThatIsEndedGoesOn(signal: Int32) throws {
    try run(classify("--format", "csv", "-o", "whole.csv")).expectFailure(
      2, saying: "10 of 1,000 images", "10 unsupported")
    var resume: [String] = []
    for _ in 0..<2 {
      let rows = files.text("cut.csv").utf8.count + 10_000
      let program = try Program.start(
        classify("--format", "csv", "-o", "cut.csv", "--batch-size", "2", "--threads", "1") + resume, in: files.path)
      program.wait { files.text("cut.csv").utf8.count >= rows }
      kill(program.process.processIdentifier, signal)
      let result = program.finish()
      if result.status == 2 { break }
      #expect(
        files.text("whole.csv").hasPrefix(
          files.text("cut.csv").split(separator: "\n").dropLast().joined(separator: "\n")))
      if signal == SIGTERM {
        result.expectFailure(143, saying: "interrupted; the rows so far are whole", "--resume goes on with 'cut.csv'")
        #expect(files.text("cut.csv").hasSuffix("\n"))
      }
      try run(classify("--format", "csv", "-o", "cut.csv")).expectFailure(saying: "was not finished", "--resume")
      try run(classify("--format", "csv", "-o", "cut.csv", "--resume", "--top", "1"))
        .expectFailure(saying: "--top was not given, and is 1")
      resume = ["--resume"]
    }
    // Batches and threads are no part of what the rows depend on.
    try run(classify("--format", "csv", "-o", "cut.csv", "--resume")).expectFailure(2, saying: "10 of 1,000 images")
    #expect(files.text("cut.csv") == files.text("whole.csv"))
  }

  @Test func aFullDiskLeavesWholeRows() throws {
    try run(classify("--format", "jsonl", "-o", "whole.jsonl")).expectFailure(2)
    try Program.start(classify("--format", "jsonl", "-o", "cut.jsonl"), in: files.path, limit: "-f 100").finish()
      .expectFailure(saying: "cannot write", "--resume")
    let rows = files.text("cut.jsonl")
    #expect(rows.hasSuffix("\n") && rows.utf8.count > 10_000 && files.text("whole.jsonl").hasPrefix(rows))
    try run(classify("--format", "jsonl", "-o", "cut.jsonl", "--resume")).expectFailure(2)
    #expect(files.text("cut.jsonl") == files.text("whole.jsonl"))
  }

  @Test func theFirstFailureMayEndIt() throws {
    let result = try run(classify("--format", "csv", "-o", "rows.csv", "--fail-fast"))
    result.expectFailure(2, saying: "stopped at 'in/0042.png'", "--resume goes on")
    #expect(files.text("rows.csv").split(separator: "\n").count == 1 + 43)
    try run(classify("--format", "csv", "-o", "rows.csv", "--resume")).expectFailure(2, saying: "10 of 1,000 images")
    #expect(files.text("rows.csv").split(separator: "\n").count == 1 + 1_000)
    try run(classify("--fail-fast")).expectFailure(2, saying: "stopped at 'in/0042.png'")
  }

  @Test func anotherModelIsRefused() throws {
    func describe(_ view: String) throws { try files.write("models: [\(stripes.model)]\n\(view)", to: "pipeline.yaml") }
    try describe("")
    let resume = ["classify", "pipeline.yaml", "in", "--format", "csv", "-o", "rows.csv", "--resume"]
    try run(resume + ["--fail-fast"]).expectFailure(2, saying: "stopped")
    try describe("augment: [horizontalFlip]\n")
    try run(resume).expectFailure(saying: "the model is another")
    try run(classify("--format", "csv", "-o", "rows.csv", "--resume")).expectFailure(saying: "the model is another")
    try describe("")
    try run(resume).expectFailure(2, saying: "43 rows are there already", "10 of 1,000 images")
  }

  @Test func failedRowsAreTriedAgain() throws {
    try run(classify("--format", "csv", "-o", "rows.csv")).expectFailure(2)
    for number in 0..<9 {
      let name = files["in/0\(number)42.png"]
      try FileManager.default.removeItem(atPath: name)
      try FileManager.default.linkItem(atPath: files["source1.png"], toPath: name)
    }
    try run(classify("--format", "csv", "-o", "rows.csv", "--retry-errors")).expectFailure(
      2, saying: "1 of 1,000 images could not be classified: 1 unsupported")
    try run(classify("--format", "csv", "-o", "new.csv")).expectFailure(2)
    #expect(files.text("rows.csv") == files.text("new.csv"))
    for option in ["--resume", "--retry-errors"] {
      try run(classify(option)).expectFailure(64, saying: "needs --output")
    }
    try run(classify("-o", "x", "--resume", "--retry-errors")).expectFailure(64)
  }

  @Test func shardsAreMerged() throws {
    try run(classify("--format", "csv", "-o", "whole.csv")).expectFailure(2)
    for shard in ["1/2", "2/2"] {
      let result = try run(classify("--format", "csv", "-o", "\(shard.prefix(1)).csv", "--shard", shard))
      #expect(result.status == 0 || result.status == 2)
    }
    try run(["merge", "2.csv", "1.csv", "-o", "merged.csv"]).expectFailure(
      2, saying: "1,000 rows", "10 of 1,000 images could not be classified: 10 unsupported")
    #expect(files.text("merged.csv") == files.text("whole.csv"))
    try run(["merge", "2.csv", "-o", "m"]).expectFailure(saying: "part 1/2 is missing")
    try run(["merge", "2.csv", "whole.csv", "-o", "m"]).expectFailure(saying: "was written without --shard")
    try run(["merge", "2.csv", "1.csv", "-o", "1.csv"]).expectFailure(saying: "is the same file")
    try run(classify("--shard", "3/2", "-o", "x")).expectFailure(64, saying: "--shard")
    try run(classify("--shard", "1/2", "-o", "x")).expectFailure(saying: "choose csv or jsonl")
    #expect(!files.names.contains("x") && !files.names.contains("m"))
  }

  @Test func eachFailureHasAReason() throws {
    let good = try files.bytes("source0.png")
    try files.makeFolder("folder.png")
    try files.write([], to: "empty.png")
    try files.write(good.prefix(good.count / 2), to: "half.png")
    var flipped = good
    for place in 60..<80 { flipped[place] ^= 0xFF }
    try files.write(flipped, to: "flipped.png")
    try files.write("P5\n60000 60000\n255\n", to: "huge.pgm")
    #expect(mkfifo(files["pipe.png"], 0o600) == 0)
    try makeSocket(files["socket.png"])
    try files.write("PK\u{3}\u{4}", to: "archive.png")
    try FileManager.default.createSymbolicLink(atPath: files["around.png"], withDestinationPath: "around.png")
    // A width and nothing else, and a directory behind the end.
    let directory: [UInt8] = [1, 0, 0, 1, 4, 0, 1, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0]
    try files.write(Array("II*\0".utf8) + [8, 0, 0, 0] + directory, to: "directory.tif")
    try files.write(Array("II*\0".utf8) + [200, 0, 0, 0] + directory, to: "none.tif")
    try files.write([], to: "zero.avi")
    try files.write("no video", to: "words.mp4")
    try files.write(String(repeating: "no archive ", count: 100), to: "header.tar")
    let expected = [
      "none.png": "missing", "empty.png": "empty", "half.png": "truncated", "flipped.png": "damaged",
      "huge.pgm": "tooLarge", "pipe.png": "notAFile", "in/0042.png": "unsupported", "source0.png/x.png": "missing",
      "archive.png": "unsupported", "around.png": "unreadable", "directory.tif": "damaged", "none.tif": "truncated",
      "socket.png": "notAFile", "zero.avi": "empty", "words.mp4": "unsupported", "header.tar": "damaged",
    ]
    let names = expected.keys.sorted()
    let result = try run(["classify", stripes.model, "--format", "jsonl", "--frames", "all"] + names)
    result.expectFailure(2, saying: "16 of 16 images could not be classified: 3 damaged, 3 unsupported, 2 empty, ")
    for (name, line) in zip(names, result.lines) {
      #expect(try JSON.read(line)["reason"]?.text == expected[name], "\(line)")
    }
  }

  private func makeSocket(_ path: String) throws {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound)
  }
}
