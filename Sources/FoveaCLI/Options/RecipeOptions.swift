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

  @Option(help: ArgumentHelp("The rule that changes the weights: \(OptimizerArgument.names).", valueName: "kind"))
  var optimizer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How far a step goes; if left out, 0.001 with adam and 0.01 with sgd.", valueName: "x"))
  var learningRate: Double?

  func validate() throws {
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
    if let optimizer { made.optimizer = try OptimizerArgument.load(optimizer, registry) }
    if let learningRate {
      made.optimizer.configuration["learningRate"] = .number(learningRate)
      made.schedule = nil
    }
    _ = try made.completed(in: registry)
    return made
  }
}

/// The kind of an optimizer, built in or a plugin's, with the settings that it has by itself.
enum OptimizerArgument {
  static let names = Registry.standard.optimizers.kinds.joined(separator: ", ") + ", or a plugin's"

  /// - Throws: ``UsageError`` for a kind that nobody has registered.
  static func load(_ kind: String, _ registry: Registry) throws -> KindDescription {
    do { _ = try registry.entry(kind, of: .optimizers) } catch {
      throw UsageError("--optimizer: \(error). If a plugin has the optimizer, load that with '--plugin FILE'")
    }
    return KindDescription(kind: kind)
  }
}
