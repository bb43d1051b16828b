import ArgumentParser
import Fovea

struct AugmentCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Draw what training will see of images: a sheet of augmented pictures.",
    discussion: """
      Each row is an image, first as it is, then as each pass of a training by RECIPE would change it. With --network, \
      the pictures have the size and the colors that the network is given; without, the middle square is shown.

      Examples:
        fovea augment photographs.yaml cat.jpg dog.jpg -o sheet.png
        fovea augment photographs.yaml cat.jpg --network cats-and-dogs --draws 12 -o sheet.png
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A built-in recipe (\(RecipeArgument.names)), or a YAML file.")
  var recipe: String

  @Argument(help: "Images, one row for each.")
  var images: [String]

  @Option(name: [.short, .long], help: ArgumentHelp("The picture to write, .png or .jpg.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The network whose preprocessing is shown: a built-in architecture, a YAML file or a model file.",
      valueName: "network"))
  var network: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes to show.", valueName: "n"))
  var draws = 8

  @Option(parsing: .unconditional, help: ArgumentHelp("Where all chance comes from, as in training.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions

  func validate() throws {
    if !(1...100).contains(draws) { throw ValidationError("--draws must be 1 to 100, but is \(draws)") }
    if images.isEmpty { throw ValidationError("give an image at least") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let encoder = try ImageEncoder(path: output)
    try WrittenFiles.check(
      [.init("--output", output)], read: [.init("the recipe", recipe), .init("the network", network)],
      data: FilePath.paths(of: images))
    let made = try RecipeArgument.load(recipe)
    _ = try made.completed(in: toolbox.registry)
    let preprocessing = try network.map { network in
      let description =
        try ModelArgument.loadIfModel(network, foreign, for: .pictures, toolbox)?.description
        ?? DescriptionArgument.load(network, toolbox)
      return try description.preprocessing.map { try toolbox.registry.makePreprocessing($0) }
    }
    var sheet = try AugmentationSheet(
      made, registry: toolbox.registry, preprocessing: preprocessing, limits: decoding.limits)
    (sheet.draws, sheet.seed) = (draws, seed)
    try encoder.write(sheet.image(of: FilePath.paths(of: images)), to: output)
    toolbox.note("\(output): \(images.count.counted("image")), \(draws.counted("pass", "passes"))")
  }
}
