import ArgumentParser
import Fovea

/// The recipe and what of it is said otherwise on the command line.
struct RecipeOptions: ParsableArguments {
  enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
    case sgd, adam
  }

  @Option(
    help: ArgumentHelp(
      "How to train: a built-in recipe (\(RecipeArgument.names)), or a YAML file. The options below override it. If left "
        + "out: ten passes of adam.", valueName: "recipe"))
  var recipe: String?

  @Option(help: ArgumentHelp("Passes over the training images.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Images per step; 128 if left out.", valueName: "n"))
  var batchSize: Int?

  @Option(help: "The rule that changes the weights.")
  var optimizer: OptimizerName?

  @Option(help: ArgumentHelp("How far a step goes; if left out, 0.001 with adam and 0.01 with sgd.", valueName: "x"))
  var learningRate: Double?

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs must be 1 or more, but is \(epochs)") }
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be 1 or more, but is \(batchSize)") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate must be a positive number, but is \(learningRate)")
    }
  }

  func make() throws -> Recipe {
    var made = try recipe.map(RecipeArgument.load) ?? Recipe()
    if let epochs { made.epochs = epochs }
    if let batchSize { made.batchSize = batchSize }
    if let optimizer { made.optimizer = KindDescription(kind: optimizer.rawValue) }
    if let learningRate {
      made.optimizer.configuration["learningRate"] = .number(learningRate)
      made.schedule = []
    }
    try made.validate()
    return made
  }
}
