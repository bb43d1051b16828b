import FoveaCore
import FoveaModel

extension Recipe {
  /// Reads a recipe from a YAML file; what is left out keeps its default.
  ///
  /// - Throws: ``DescriptionError`` for what is no valid YAML, ``TrainingError`` for unknown keys and settings that make
  ///   no sense.
  public init(contentsOf path: String) throws {
    let value = try ConfigurationValue(yamlFile: path)
    guard case .object(let values) = value else {
      throw DescriptionError(source: path, line: nil, problem: "a recipe is a group of keys, such as 'epochs: 10'")
    }
    let recipe: Recipe
    do throws(ConfigurationError) {
      recipe = try ConfigurationDecoder.decode(Recipe.self, from: values, owner: "the recipe '\(path)'")
    } catch { throw TrainingError.configuration(error) }
    try recipe.validate()
    self = recipe
  }
}
