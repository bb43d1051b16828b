import ArgumentParser
import Fovea

/// The recipe and what of it is said otherwise on the command line.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to train: a built-in recipe (\(RecipeArgument.names)), or a YAML file. The options below override it. If left "
        + "out: ten passes of adam.", valueName: "recipe"))
  var recipe: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the training images.", valueName: "n"))
  var epochs: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Images per step; 128 if left out.", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("The rule that changes the weights: \(KindArgument.optimizers).", valueName: "kind"))
  var optimizer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How far a step goes; if left out, 0.001 with adam and 0.01 with sgd.", valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps of a pass, which goes on in the images where the one before ended; all images if left out.", valueName: "n"
    ))
  var stepsPerEpoch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Judge each pass by so many batches of images, always the same; by all if left out.", valueName: "n"))
  var validationSteps: Int?

  @Option(
    help: ArgumentHelp(
      "The last layer whose weights stay as they are, as do those of all layers before it.", valueName: "layer"))
  var freeze: String?

  @Option(
    help: ArgumentHelp(
      "Any other setting of the recipe, as often as needed: clipping.norm=1, optimizer.nesterov=true, classWeights=balanced.",
      valueName: "key=value"))
  var set: [String] = []

  func validate() throws {
    for (name, count) in [("--steps-per-epoch", stepsPerEpoch), ("--validation-steps", validationSteps)] {
      if let count, count < 1 { throw ValidationError("\(name) must be 1 or more, but is \(count)") }
    }
    for change in set where !change.contains("=") {
      throw ValidationError("--set must be a key, '=' and a value, such as epochs=20, but is '\(change)'")
    }
    if let epochs, epochs < 1 { throw ValidationError("--epochs must be 1 or more, but is \(epochs)") }
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be 1 or more, but is \(batchSize)") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate must be a positive number, but is \(learningRate)")
    }
  }

  /// - Parameter registry: where the kinds are found that recipe and options name.
  func make(_ registry: Registry) throws -> Recipe {
    var made = try recipe.map(RecipeArgument.load) ?? Recipe()
    if let epochs { made.epochs = epochs }
    if let batchSize { made.batchSize = batchSize }
    if let stepsPerEpoch { made.stepsPerEpoch = stepsPerEpoch }
    if let validationSteps { made.validationSteps = validationSteps }
    if let freeze { made.freeze = freeze }
    if let optimizer { made.optimizer = try KindArgument.optimizer(optimizer, registry) }
    if let learningRate {
      made.optimizer.configuration["learningRate"] = .number(learningRate)
      made.schedule = nil
    }
    made = try made.changed(
      by: set.map { change in
        let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], try ConfigurationValue(yaml: parts[1], source: "--set \(change)"))
      })
    _ = try made.completed(in: registry)
    return made
  }
}
