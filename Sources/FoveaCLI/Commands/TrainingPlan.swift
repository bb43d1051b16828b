import ArgumentParser
import Fovea

/// Which network `fovea train` trains, and on what: what is said on the command line, and what is left to the recipe.
struct TrainingPlan {
  /// An architecture, a description's path, or with --from the path of a model file.
  let network: String
  let data: String
  /// The file to write; nil where only rates are tried, and nobody wants a chart of them.
  let output: String?
  let recipe: Recipe

  init(_ command: TrainCommand, _ toolbox: Toolbox) throws {
    recipe = try command.recipe.make(toolbox.registry)
    output = command.output
    var given = [command.description, command.data].compactMap { $0 }
    // With a network in the recipe, what is given alone are the images.
    if given.count == 1, let network = command.from ?? recipe.architecture { given.insert(network, at: 0) }
    if command.from != nil, command.data != nil {
      throw UsageError("with --from, give the images only: the network is the model's")
    }
    guard let network = given.first ?? command.from ?? recipe.architecture else {
      throw UsageError("Missing expected argument '<description>', and the recipe names no 'architecture'")
    }
    guard let data = given.dropFirst().first ?? recipe.data else {
      let isNetwork = Architecture.named(network) != nil || network.hasSuffix(".yaml") || network.hasSuffix(".yml")
      throw UsageError(
        isNetwork
          ? "Missing expected argument '<data>', and the recipe names no 'data'"
          : "Missing expected argument '<description>' before '\(network.printable)', and the recipe names no 'architecture'"
      )
    }
    (self.network, self.data) = (network, data)
  }
}
