import ArgumentParser
import Foundation
import Fovea

struct TrainCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on labelled images and write a model file.",
    discussion: """
      DATA is a folder: with IDX files such as MNIST's (train-images-idx3-ubyte, plain or .gz, and the like); or with \
      one folder of images for each class, named after it; or with folders train and validation that hold such folders. \
      What can be read in more than one way is an error that says what was found; --layout then decides. Or DATA is a \
      CSV file with a line of column names and a line for each image: path,label; or path,labels with a|b|c; or \
      path,number:width,number:height; see Documentation/Data.md. \
      Without --validation and --validation-split, validation data that DATA itself keeps apart is used.

      The model file is written at the end, in one step: a run that fails or is interrupted leaves an older file as it \
      was. It holds the network, its weights, the preprocessing, the names of the classes and how it was trained.

      Beside it is a folder of the run, pets.run for pets.safetensors, with what it takes to go on after an interruption, \
      or with more --epochs: fovea train --resume pets.run.

      Examples:
        fovea train lenet fashion-mnist/ -o fashion.safetensors --epochs 10
        fovea train cats-and-dogs pets/ -o pets.safetensors --validation-split 0.2
        fovea train my-network.yaml digits/ -o digits.safetensors --optimizer sgd
        fovea train mnist-2conv fashion-mnist/ -o fashion.safetensors --precision bfloat16
        fovea train pets/ -o pets.safetensors --recipe photographs
        fovea train --resume pets.run
        fovea train --from pets.safetensors birds/ -o birds.safetensors --freeze half2
        fovea train cats-and-dogs pets/ --find-learning-rate -o rates.png
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(
    help: ArgumentHelp(
      "A built-in architecture (\(DescriptionArgument.names)), which gets outputs for the data's classes, or a YAML file. Left "
        + "out where the recipe names one."))
  var description: String?

  @Argument(
    help: "The folder with the training images, or a CSV file that lists them. Left out where the recipe names it.")
  var data: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "model"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Begin with the network and weights of this model file, instead of a fresh network; where the classes are others, its last "
        + "layer is replaced.", valueName: "model"))
  var from: String?

  @OptionGroup(title: "Data")
  var dataOptions: DataOptions

  @OptionGroup(title: "Training")
  var recipe: RecipeOptions

  @OptionGroup(title: "Validation")
  var judges: ValidationOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where all chance comes from: the same seed, --threads and --precision give the same weights, bit for bit, on "
        + "processors with the same instructions; and mostly 1 and 2 threads do. See Documentation/TheProgram.md.",
      valueName: "n"))
  var seed: UInt64 = 0

  @Flag(
    help: "Train nothing, but try learning rates from low to high and say which is a good one; -o is a chart of them.")
  var findLearningRate = false

  @Option(
    help: ArgumentHelp(
      "Write each pass's figures as a line of JSON. It is called <file>.partial until the run ends well.",
      valueName: "file"))
  var metrics: String?

  @Option(help: ArgumentHelp("Draw the errors after each pass, as an SVG picture.", valueName: "file"))
  var curve: String?

  @Option(
    help: ArgumentHelp(
      "Write the page with all that is worth knowing of the model, on the validation images or else on the training images, to "
        + "this file, too; it is report.html in the folder of the run. See 'fovea help report'.", valueName: "file"))
  var report: String?

  @OptionGroup(title: "Decisions, by the validation images")
  var decisions: DecisionOptions

  @OptionGroup(title: "The run")
  var runOptions: RunOptions

  @OptionGroup var caching: CacheOptions

  @Option(
    help: ArgumentHelp(
      "How the model file keeps the weights: float16 and bfloat16 take half the room and are less exact. They are trained "
        + "and used as float32.", valueName: "type"))
  var weights = Weights.float32

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  enum Weights: String, CaseIterable, ExpressibleByArgument {
    case float32, float16, bfloat16

    var element: ElementType { ElementType(rawValue: rawValue) ?? .float32 }
  }

  func validate() throws {
    if runOptions.resume == nil && output == nil && !findLearningRate {
      throw ValidationError("Missing expected argument '--output <model>'")
    }
  }

  func run() throws {
    if let folder = runOptions.resume { return try Self.resume(RunFolder(folder)) }
    if findLearningRate {
      let job = try TrainingJob(self, makeToolbox(), nil)
      return try job.findLearningRate()
    }
    let start = RunFolder.Start(
      arguments: Array(CommandLine.arguments.dropFirst()), folder: FileManager.default.currentDirectoryPath)
    try run(start, in: runOptions.folder(of: output), goesOn: false)
  }

  private func run(_ start: RunFolder.Start, in folder: RunFolder?, goesOn: Bool) throws {
    let toolbox = try makeToolbox()
    var job = try TrainingJob(self, toolbox, RunPlace(folder: folder, start: start, goesOn: goesOn))
    try job.run()
  }

  /// Goes on with what was begun by other arguments, where those given now count more.
  private static func resume(_ folder: RunFolder) throws {
    let begun = try folder.readStart()
    let arguments = begun.arguments + RunOptions.withoutResume(Array(CommandLine.arguments.dropFirst()))
    guard let command = try FoveaCommand.parseAsRoot(arguments) as? TrainCommand else {
      throw CommandError("'\(folder.start)' does not say how a training was begun")
    }
    let path = URL(fileURLWithPath: folder.path).path
    guard FileManager.default.changeCurrentDirectoryPath(begun.folder) else {
      throw CommandError("there is no folder '\(begun.folder)' any more, in which the training was begun")
    }
    try command.run(
      RunFolder.Start(arguments: arguments, folder: begun.folder), in: RunFolder(path), goesOn: true)
  }
}
