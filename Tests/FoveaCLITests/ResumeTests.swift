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
    let state = files["resumed.run/last.state"]
    let begin = common + ["-o", files["resumed"], "--checkpoint-interval", "0"]
    let goOn = ["train", "--resume", files["resumed.run"]]
    for number in 0..<kills {
      let program = try Program.start(number == 0 ? begin : goOn)
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
    let resumed = try Program.run(goOn + ["--metrics", files["resumed.jsonl"]])
    resumed.expectSuccess()
    #expect(resumed.errors.contains("resumed after"))
    #expect(try files.bytes("whole") == files.bytes("resumed"))
    // The figures of all passes, but for the times.
    var figures: [[String]] = []
    for name in ["whole.jsonl", "resumed.jsonl", "resumed.run/metrics.jsonl"] {
      for line in files.text(name).split(separator: "\n") {
        let pass = try JSON.read(String(line))
        let keys = pass.keys.subtracting(["seconds", "imagesPerSecond"]).sorted()
        figures.append(keys.map { "\($0): \(pass[$0]?.number ?? .nan)" })
      }
    }
    #expect(figures.count == 9 && Set(figures).count == 3)
    // Nothing of what a kill has left behind is there any more.
    let left = try FileManager.default.contentsOfDirectory(atPath: files["resumed.run"]).sorted()
    let names = ["best.safetensors", "last.state", "metrics.jsonl", "network.yaml", "recipe.yaml", "report.html"]
    #expect(left == names + ["run.json"])
  }

  @Test func anotherTrainingIsAnErrorThatNamesTheDifference() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let common = ["train", stripes.description, stripes.data, "-o", files["model"]]
    try Program.run(common + ["--epochs", "1"]).expectSuccess()
    let (run, state) = (files["model.run"], files["model.run/last.state"])
    try Program.run("train", "--resume", run, "--batch-size", "8")
      .expectFailure(saying: "'\(state)' is of another training: its recipe.batchSize is 128, but here it is 8")
    try Program.run("train", "--resume", run, "--seed", "3").expectFailure(saying: "seed")
    try Program.run("train", "--resume", stripes.pictures).expectFailure(saying: "run.json")
    try Program.run("train", "--resume", files["none"]).expectFailure(saying: files["none"])
    try Program.run(common + ["--run", files["model"]]).expectFailure(saying: "it is a file and no folder")
  }

  /// After its last pass, and after early stopping: the file is that of a run that had as many passes from the start.
  @Test func goesOnWithMoreEpochs() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let common = ["train", stripes.description, stripes.data, "--learning-rate", "0.05", "-q"]
    try Program.run(common + ["-o", files["whole"], "--epochs", "4", "--no-run"]).expectSuccess()
    try Program.run(common + ["-o", files["done"], "--epochs", "2"]).expectSuccess()
    try Program.run("train", "--resume", files["done.run"], "--epochs", "4").expectSuccess()
    #expect(try files.bytes("done") == files.bytes("whole"))
    // Its own, so that its last pass is no end.
    try Program.run("train", "--resume", files["done.run"]).expectSuccess()
    #expect(try files.bytes("done") == files.bytes("whole"))
  }

  @Test func anInterruptionSaysHowToGoOn() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let common = ["train", stripes.description, stripes.data, "--batch-size", "2", "--epochs", "40"]
    let program = try Program.start(common + ["-o", "m", "--log-every", "5"], in: files.path)
    while !program.errors.contains("step 5  ") && program.process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
    kill(program.process.processIdentifier, SIGINT)
    let result = program.finish()
    #expect(result.errors.contains("epoch 1/40  step 5  loss "))
    result.expectFailure(130, saying: "interrupted; 'm' was not written; go on with 'fovea train --resume m.run'")
    let resumed = try Program.run("train", "--resume", files["m.run"])
    resumed.expectSuccess()
    #expect(resumed.errors.contains("resumed after "))
    try Program.run(common + ["-o", files["whole"], "--no-run"]).expectSuccess()
    #expect(try files.bytes("m") == files.bytes("whole"))
  }
}
