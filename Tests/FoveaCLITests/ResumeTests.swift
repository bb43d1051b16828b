import Foundation
import Fovea
import Testing

/// A training that is killed and resumed writes the file that it would have written.
@Suite struct ResumeTests {
  @Test(.timeLimit(.minutes(5)), arguments: [1, 5, 12]) func killedAndResumedIsTheSameFile(kills: Int) throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let common = ["train", stripes.description, stripes.data, "--epochs", "3", "--batch-size", "4"]
    try Program.run(common + ["-o", files["whole"], "--metrics", files["whole.jsonl"], "-q"]).expectSuccess()
    let state = files["run.state"]
    let cut = common + ["-o", files["resumed"], "--checkpoint", state, "--checkpoint-interval", "0"]
    for number in 0..<kills {
      let program = try Program.start(number == 0 ? cut : cut + ["--resume", state])
      // Killed when it has gone on by some steps, wherever that is.
      let before = try? TrainingState(contentsOf: state).steps
      while program.process.isRunning {
        let steps = try? TrainingState(contentsOf: state).steps
        if let steps, steps != before { break }
        Thread.sleep(forTimeInterval: 0.002)
      }
      kill(program.process.processIdentifier, SIGKILL)
      _ = program.finish()
    }
    let resumed = try Program.run(cut + ["--resume", state, "--metrics", files["resumed.jsonl"]])
    resumed.expectSuccess()
    #expect(resumed.errors.contains("resumed after"))
    #expect(try files.bytes("whole") == files.bytes("resumed"))
    // The figures of all passes, but for the times.
    var figures: [[String]] = []
    for name in ["whole.jsonl", "resumed.jsonl"] {
      for line in files.text(name).split(separator: "\n") {
        let pass = try JSON.read(String(line))
        let keys = pass.keys.subtracting(["seconds", "imagesPerSecond"]).sorted()
        figures.append(keys.map { "\($0): \(pass[$0]?.number ?? .nan)" })
      }
    }
    #expect(figures.count == 6 && figures.prefix(3) == figures.suffix(3))
  }

  @Test func anotherTrainingIsAnErrorThatNamesTheDifference() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let state = files["run.state"]
    let common = ["train", stripes.description, stripes.data, "-o", files["model"]]
    try Program.run(common + ["--epochs", "1", "--checkpoint", state]).expectSuccess()
    try Program.run(common + ["--epochs", "2", "--resume", state])
      .expectFailure(saying: "'\(state)' is of another training: its recipe.epochs is 1, but here it is 2")
    try Program.run(common + ["--epochs", "1", "--seed", "3", "--resume", state]).expectFailure(saying: "seed")
    try Program.run(common + ["--epochs", "1", "--resume", stripes.model]).expectFailure(
      saying: "no state of a training")
    try Program.run(common + ["--epochs", "1", "--resume", files["none"]]).expectFailure(saying: files["none"])
    try Program.run(common + ["--epochs", "1", "--checkpoint", files["model"]]).expectFailure(saying: "the same file")
    try Program.run(common + ["--epochs", "1", "--checkpoint", files["no/state"]]).expectFailure(saying: "no folder")
  }
}
