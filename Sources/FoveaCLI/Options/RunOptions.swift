import ArgumentParser
import Fovea

/// Where a run keeps what it takes to go on with it.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder for the state of the run, its recipe, its figures and its best model; if left out, the model's name with "
        + ".run at its end. It is made with the first state.", valueName: "folder"))
  var run: String?

  @Flag(help: "Keep no such folder.")
  var noRun = false

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder; the model becomes, bit for bit, what it would have become. Other options are as they "
        + "were, unless they are given anew, such as --epochs.", valueName: "folder"))
  var resume: String?

  @Option(help: ArgumentHelp("Seconds between two states within a pass; 0 for one after each step.", valueName: "s"))
  var checkpointInterval: Double = 60

  @Option(help: ArgumentHelp("Keep the state after every so many passes in a file of its own.", valueName: "n"))
  var keepEvery: Int?

  @Option(help: ArgumentHelp("Print a line for every so many steps.", valueName: "n"))
  var logEvery: Int?

  func validate() throws {
    guard checkpointInterval >= 0, checkpointInterval <= 1e6 else {
      throw ValidationError("--checkpoint-interval must be 0 to 1000000, but is \(checkpointInterval)")
    }
    for (name, count) in [("--keep-every", keepEvery), ("--log-every", logEvery)] {
      if let count, count < 1 { throw ValidationError("\(name) must be 1 or more, but is \(count)") }
    }
    if run != nil && noRun { throw ValidationError("give --run or --no-run, not both") }
  }

  /// - Parameter model: the file that will be written.
  func folder(of model: String?) -> RunFolder? {
    guard !noRun, let model else { return nil }
    let name = model.hasSuffix(".safetensors") ? String(model.dropLast(".safetensors".count)) : model
    return RunFolder(run ?? name + ".run")
  }

  /// What is said besides the command's name and the run that is to go on.
  static func withoutResume(_ arguments: [String]) -> [String] {
    var rest = arguments
    if let command = rest.firstIndex(of: "train") { rest.remove(at: command) }
    if let option = rest.firstIndex(where: { $0 == "--resume" || $0.hasPrefix("--resume=") }) {
      rest.removeSubrange(option...min(rest[option] == "--resume" ? option + 1 : option, rest.count - 1))
    }
    return rest
  }
}

/// Where a run is kept, and what started it.
struct RunPlace {
  let folder: RunFolder?
  let start: RunFolder.Start
  /// Whether what lies there is the run's own.
  let goesOn: Bool
}
