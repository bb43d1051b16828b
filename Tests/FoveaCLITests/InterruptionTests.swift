import Foundation
import Fovea
import Testing

/// Ctrl-C and its like, at moments when nothing asks for them.
@Suite(.timeLimit(.minutes(5))) struct InterruptionTests {
  /// The same folder so often that it takes long.
  private static let manyPictures = Array(repeating: ".", count: 3_000) + ["--batch-size", "1", "--threads", "1"]

  private func interrupt(
    _ program: RunningProgram, by signal: Int32 = SIGINT, when isThere: () -> Bool
  ) -> Program.Result {
    program.wait(until: isThere)
    kill(program.process.processIdentifier, signal)
    return program.finish()
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func classifyingLeavesTheOldFileAndWholeRows(signal: Int32, status: Int32) throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("precious", to: "rows.csv")
    let program = try Program.start(
      ["classify", stripes.model] + Self.manyPictures + ["-o", files["rows.csv"], "--format", "csv"],
      in: stripes.pictures)
    let result = interrupt(program, by: signal) { files.text("rows.csv.partial").count > 5_000 }
    result.expectFailure(status, saying: "interrupted; the rows so far are whole", "--resume")
    #expect(files.names == ["rows.csv", "rows.csv.partial", "rows.csv.progress"])
    #expect(files.text("rows.csv") == "precious")
    let rows = files.text("rows.csv.partial")
    #expect(rows.hasSuffix("\n") && rows.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("./") })
  }

  @Test func ctrlBackslashEndsItAtOnce() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let program = try Program.start([
      "train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "100000", "--metrics", files["figures"],
      "--no-run",
    ])
    let result = interrupt(program, by: SIGQUIT) { program.errors.contains("epoch") }
    result.expectFailure(131, saying: "interrupted; '\(files["m"])' was not written")
    #expect(!result.errors.contains("Thread"), "\(result.errors)")
    #expect(files.names == ["figures.partial"])
  }

  @Test func whatIsLostIsSaidWhilePreparingToo() throws {
    let files = try TemporaryFolder()
    // Takes long to read.
    let large = try Image(
      width: 2000, height: 2000, channels: 1, pixels: .bytes((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0) }))
    for label in Stripes.labels {
      try files.makeFolder("data/" + label)
      try ImageEncoder.png().write(large, to: files["data/\(label)/0.png"])
      for number in 1..<400 {
        try FileManager.default.linkItem(
          atPath: files["data/\(label)/0.png"], toPath: files["data/\(label)/\(number).png"])
      }
    }
    try files.write(Stripes.description, to: "stripes.yaml")
    let program = try Program.start(
      ["train", "stripes.yaml", "data", "-o", "m", "--metrics", "figures"], in: files.path)
    let result = interrupt(program) { program.errors.contains("judged by") }
    result.expectFailure(130, saying: "interrupted; 'm' was not written")
    #expect(files.names == ["data", "stripes.yaml"])
  }

  @Test func rowsThatAreReadyAreWritten() throws {
    let stripes = try TrainedStripes.get()
    let program = try Program.start(
      ["classify", stripes.model] + Self.manyPictures + ["--format", "csv"], in: stripes.pictures)
    let result = interrupt(program) { !program.output.isEmpty }
    result.expectFailure(130, saying: "interrupted")
    // Whole lines, the last one too.
    #expect(result.output.hasSuffix("\n") && result.lines.count > 1)
    #expect(result.lines.dropFirst().allSatisfy { $0.hasPrefix("./") })
  }

  @Test func aStepThatTakesLongIsNotWaitedFor() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let wide = "  - {kind: convolution, filters: 512, kernel: 7, padding: same}\n"
    try files.write(
      Stripes.description.replacingOccurrences(of: "layers:\n", with: "layers:\n" + wide + wide + wide),
      to: "slow.yaml")
    let program = try Program.start([
      "train", files["slow.yaml"], stripes.data, "-o", files["m"], "--epochs", "1000", "--batch-size", "180",
    ])
    let result = interrupt(program) { program.errors.contains("judged by") }
    result.expectFailure(130, saying: "interrupted")
    #expect(!result.errors.contains("epoch") && files.names == ["slow.yaml"])
  }

  @Test func whatNeverAsksIsEndedToo() throws {
    let program = try Program.start(["profile", "lenet", "--seconds", "86400"])
    interrupt(program) { program.errors.contains("images a batch") }.expectFailure(130, saying: "interrupted")
  }
}
