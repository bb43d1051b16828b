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

      Examples:
        fovea train lenet fashion-mnist/ -o fashion.safetensors --epochs 10
        fovea train cats-and-dogs pets/ -o pets.safetensors --validation-split 0.2
        fovea train my-network.yaml digits/ -o digits.safetensors --optimizer sgd
        fovea train mnist-2conv fashion-mnist/ -o fashion.safetensors --precision bfloat16
        fovea train lenet fashion-mnist/ -o fashion.safetensors --checkpoint run.state
        fovea train lenet fashion-mnist/ -o fashion.safetensors --checkpoint run.state --resume run.state
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A built-in architecture (\(DescriptionArgument.names)), or a YAML file.")
  var description: String

  @Argument(help: "The folder with the training images, or a CSV file that lists them.")
  var data: String

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "model"))
  var output: String

  @OptionGroup(title: "Data")
  var dataOptions: DataOptions

  @OptionGroup(title: "Training")
  var recipe: RecipeOptions

  @Option(help: ArgumentHelp("Another folder or CSV file, with images that each pass is judged by.", valueName: "data"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the training images to keep apart for that, such as 0.1.", valueName: "f"))
  var validationSplit: Double?

  @Option(
    help: ArgumentHelp(
      "Keep in this file which image --validation-split has put where: a later run with more images leaves the old ones in "
        + "their parts.", valueName: "file"))
  var splitList: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where all chance comes from: the same seed and --threads, the same weights; and so with 1 and 2 threads.",
      valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Write each pass's figures as a line of JSON. It is called <file>.partial until the run ends well.",
      valueName: "file"))
  var metrics: String?

  @Option(help: ArgumentHelp("Draw the errors after each pass, as an SVG picture.", valueName: "file"))
  var curve: String?

  @Option(
    help: ArgumentHelp(
      "Write a page with all that is worth knowing of the model, on the validation images or else on the training images; "
        + "see 'fovea help report'.", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write the state of the training to this file after each pass, and every --checkpoint-interval seconds, so that "
        + "--resume can go on from there when it is cut.", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Seconds between two states within a pass; 0 for one after each step.", valueName: "s"))
  var checkpointInterval: Double = 60

  @Option(
    help: ArgumentHelp(
      "Go on from a state that --checkpoint wrote, with the same network, data and options: the model becomes, bit for bit, "
        + "what it would have become. It may be the file that --checkpoint names.", valueName: "file"))
  var resume: String?

  @OptionGroup var caching: CacheOptions
  @OptionGroup(title: "Decisions, by the validation images")
  var decisions: DecisionOptions

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard checkpointInterval >= 0, checkpointInterval <= 1e6 else {
      throw ValidationError("--checkpoint-interval must be 0 to 1000000, but is \(checkpointInterval)")
    }
    if validation != nil && validationSplit != nil {
      throw ValidationError("give --validation or --validation-split, not both")
    }
    if splitList != nil && validationSplit == nil {
      throw ValidationError("--split-list keeps what --validation-split has chosen; give that, too")
    }
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw ValidationError("--validation-split must be above 0 and below 1, but is \(validationSplit)")
    }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    var job = try TrainingJob(self, toolbox)
    try job.run()
  }
}
