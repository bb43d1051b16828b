import Foundation
import Fovea
import Testing

@Suite struct FoveaCommandTests {
  static let commands = [
    "train", "evaluate", "classify", "features", "summary", "profile", "layers", "kinds", "convolve", "plugin",
  ]

  @Test(arguments: commands) func everyCommandExplainsItself(_ command: String) throws {
    for arguments in [["help", command], [command, "--help"]] {
      let result = try Program.run(arguments)
      result.expectSuccess()
      #expect(result.output.contains("USAGE: fovea \(command)"))
      #expect(result.output.contains("Example"))
      // Examples are to be copied, so that none may be broken into two lines.
      let examples = result.lines.filter { $0.hasPrefix("  fovea \(command) ") }
      #expect(!examples.isEmpty)
      for (line, next) in zip(result.lines, result.lines.dropFirst()) where line.hasPrefix("  fovea ") {
        #expect(!next.hasPrefix("-"), "a broken example: \(line)")
      }
      #expect(result.errors.isEmpty)
    }
  }

  @Test func listsItsCommands() throws {
    let result = try Program.run()
    result.expectSuccess()
    for command in Self.commands { #expect(result.output.contains("  \(command) ")) }
  }

  @Test func tellsItsVersion() throws {
    #expect(try Program.run("--version").output == Toolkit.version + "\n")
  }

  @Test func refusesWhatItDoesNotKnow() throws {
    try Program.run("clasify").expectFailure(64, saying: "'clasify'", "Did you mean 'classify'?")
    try Program.run("clasify", "model", "--top", "1").expectFailure(64, saying: "Did you mean 'classify'?")
    try Program.run("help", "trian").expectFailure(64, saying: "Did you mean 'train'?")
    try Program.run("plugin", "chek", "x.so").expectFailure(64, saying: "Did you mean 'plugin check'?")
    try Program.run("help", "plugin", "chek").expectFailure(64, saying: "Did you mean 'plugin check'?")
    try Program.run("--plugin", "x.so", "trian").expectFailure(64, saying: "Did you mean 'train'?")
    try Program.run("frobnicate").expectFailure(64, saying: "'frobnicate'", "There are: train")
    try Program.run("plugin", "frobnicate").expectFailure(64, saying: "There are: new, check, list")
    try Program.run("train", "lenet", "data", "-o", "m", "--epoch", "1").expectFailure(64, saying: "'--epochs'")
    try Program.run("--frobnicate").expectFailure(64, saying: "frobnicate")
  }

  @Test func quietMayStandBeforeOrAfterTheCommand() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let rest = [stripes.description, stripes.data, "-o", files["m"], "--epochs", "1"]
    for arguments in [["-q", "train"] + rest, ["train"] + rest + ["-q"]] {
      let result = try Program.run(arguments)
      result.expectSuccess()
      #expect(result.errors.isEmpty)
      #expect(!result.output.isEmpty)
    }
  }

  @Test func drawsABarOnATerminal() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let terminal = try Terminal()
    let program = try Program.start(
      ["train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "2"], standardError: terminal.handle)
    let result = program.finish()
    result.expectSuccess()
    let text = terminal.readAll()
    #expect(text.contains("epoch 2/2  █████"), "\(text)")
    #expect(text.contains("█  180/180  loss"))
    #expect(text.contains("images/s  ETA 0:00"))
    // Nothing spills into a second line of a terminal of 80 columns.
    let bars = text.split { $0.isNewline || $0 == "\r" }.filter { $0.contains("█") }
    #expect(bars.allSatisfy { $0.count < 84 })
  }
}
