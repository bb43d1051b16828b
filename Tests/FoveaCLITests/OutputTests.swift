import Foundation
import Fovea
import Testing

/// Results that get lost are told.
@Suite struct OutputTests {
  private static let commands = [
    ["--help"], ["--version"], ["help", "train"], ["summary", "lenet"], ["summary", "lenet", "--json"], ["layers"],
    ["layers", "--json"], ["plugin", "list", "--json"], ["profile", "lenet", "--seconds", "0", "--batch-size", "1"],
  ]

  private func run(_ arguments: [String], into output: FileHandle) throws -> Program.Result {
    try Program.start(arguments, standardOutput: output).finish()
  }

  private func fullDevice() throws -> FileHandle {
    try #require(FileHandle(forWritingAtPath: "/dev/full"))
  }

  @Test(arguments: commands) func aFullDiskIsAFailure(_ arguments: [String]) throws {
    try run(arguments, into: fullDevice()).expectFailure(saying: "cannot write 'standard output'", "No space left")
  }

  @Test(arguments: commands) func aPipeThatNobodyReadsIsAFailure(_ arguments: [String]) throws {
    let pipe = Pipe()
    pipe.fileHandleForReading.closeFile()
    try run(arguments, into: pipe.fileHandleForWriting).expectFailure(saying: "whoever read it has stopped")
  }

  /// What is said of a name is one line, whatever the name.
  @Test(arguments: [
    ["summary", "a\nb.yaml"], ["train", "lenet", "a\nb", "-o", "m"], ["train", "a\nb.yaml", ".", "-o", "m"],
    ["classify", "a\nb.safetensors", "."], ["features", "a\nb.safetensors", "c"],
    ["evaluate", "a\nb.safetensors", "."],
    ["convolve", "a\nb.png", "--kernel", "[[1]]"], ["train", "lenet", ".", "-o", "m", "--recipe=a\nb.yaml"],
    ["plugin", "check", "a\nb.so"], ["summary", "a\n  b.yaml"],
  ])
  func endsOfLinesInNamesAreShown(_ arguments: [String]) throws {
    let files = try TemporaryFolder()
    let result = try Program.run(arguments + (arguments[0] == "features" ? ["-o", "o"] : []), in: files.path)
    #expect(result.status != 0)
    let spaces = arguments.contains { $0.contains("  ") } ? "  " : ""
    // The report of a check is a result.
    let text = result.errors + result.output
    #expect(text.contains("a\\x0A\(spaces)b"), "\(text)")
    #expect(text.split(separator: "\n").count == 1, "\(text)")
  }

  @Test(arguments: ["table", "csv", "jsonl"]) func rowsThatGetLostAreAFailure(format: String) throws {
    let stripes = try TrainedStripes.get()
    let arguments = ["classify", stripes.model, stripes.pictures, "--format", format]
    try run(arguments, into: fullDevice()).expectFailure(saying: "No space left")
  }

  @Test func figuresThatGetLostAreAFailure() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try run(["evaluate", stripes.model, stripes.data], into: fullDevice()).expectFailure(saying: "No space left")
    let features = ["features", stripes.model, stripes.pictures + "/across/0.png", "-o", files["features"]]
    try run(features, into: fullDevice()).expectFailure(saying: "No space left")
  }

  @Test func aTrainedModelIsThereWhateverBecomesOfTheReport() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let train = ["train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "1", "--no-run"]
    try run(train, into: fullDevice()).expectFailure(saying: "No space left")
    #expect(files.names == ["m"])
  }

  @Test func aModelThatCannotBeWrittenTakesRefuge() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for name in ["gone", "refuge"] { try files.makeFolder(name) }
    let program = try Program.start(
      ["train", stripes.description, stripes.data, "-o", files["gone/m"], "--epochs", "400"],
      environment: ["TMPDIR": files["refuge"]])
    program.wait { program.errors.contains("epoch 1/") }
    // In one go: removing it file by file would meet those that come and go meanwhile.
    try FileManager.default.moveItem(atPath: files["gone"], toPath: files["elsewhere"])
    program.finish().expectFailure(saying: files["gone"], "the model was written to '\(files["refuge"])/fovea-")
    let names = try FileManager.default.contentsOfDirectory(atPath: files["refuge"])
    #expect(names.count == 1)
    _ = try ModelFile.load(files["refuge/" + names[0]], registry: .standard)
  }

  @Test func metricsThatGetLostAreAWarning() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: files["metrics.jsonl.partial"], withDestinationPath: "/dev/full")
    try files.write("old", to: "metrics.jsonl")
    let result = try Program.run(
      "train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "3", "--metrics",
      files["metrics.jsonl"])
    result.expectSuccess()
    // Once, and before the passes that follow.
    #expect(result.errors.components(separatedBy: "warning: cannot write").count == 2, "\(result.errors)")
    #expect(result.errors.contains("No space left on device; the training goes on"))
    #expect(files.names.contains("m") && files.text("metrics.jsonl") == "old")
  }

  @Test func nothingIsWrittenIntoAFileThatTookAClosedStreamsNumber() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec \"$0\" train \"$1\" \"$2\" -o \"$3\" --epochs 1 --metrics \"$4\" >&-", Program.path,
      stripes.description, stripes.data, files["m"], files["metrics"],
    ]
    process.standardError = try files.handle("errors")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 && files.text("errors").contains("cannot write 'standard output'"))
    #expect(files.text("metrics").split(separator: "\n").count == 1)
  }

  @Test func namesOfStrangersAreObeyedByNoTerminal() throws {
    let files = try TemporaryFolder()
    let name = "a\u{1B}[31m\u{9B}\u{202E}\u{7F}b"
    let text = Stripes.description.replacingOccurrences(
      of: "name: stripes", with: "name: \"a\\e[31m\\x9B\\u202E\\x7Fb\"")
    #expect(text != Stripes.description)
    try files.write(text, to: name + ".yaml")
    for arguments in [["summary", name + ".yaml"], ["summary", name + ".yaml", "--json"], ["summary", name]] {
      let result = try Program.run(arguments, in: files.path)
      for scalar in (result.output + result.errors).unicodeScalars {
        #expect(scalar == "\n" || scalar.properties.generalCategory != .control && scalar != "\u{202E}")
      }
    }
  }
}
