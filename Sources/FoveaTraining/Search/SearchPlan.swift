public import FoveaCore
import FoveaModel

/// A recipe with ranges for some of its settings, under the key `search`:
/// ```yaml
/// architecture: lenet
/// epochs: 9
/// search:
///   optimizer.learningRate: {from: 0.0001, to: 0.1, logarithmic: true}
///   batchSize: [32, 64, 128]
/// ```
public struct SearchPlan: Sendable {
  public let recipe: Recipe
  /// By the settings' paths, as ``Recipe/changed(by:)`` takes them.
  public let ranges: [String: SearchRange]

  public init(_ recipe: Recipe, ranges: [String: SearchRange]) {
    (self.recipe, self.ranges) = (recipe, ranges)
  }

  /// Reads a YAML file.
  ///
  /// - Throws: as ``Recipe/init(contentsOf:)`` does, and ``TrainingError`` where there is nothing to search.
  public init(contentsOf path: String) throws {
    guard case .object(var values) = try ConfigurationValue(yamlFile: path),
      case .object(let search)? = values.removeValue(forKey: "search"), !search.isEmpty
    else {
      throw TrainingError.invalidSetting(
        name: "the recipe '\(path)'",
        expected: "one with ranges under 'search', such as 'batchSize: [32, 64]'", got: "one without")
    }
    recipe = try Recipe(values, path: path)
    ranges = Dictionary(
      uniqueKeysWithValues: try search.map { path, value in (path, try SearchRange(value, path: path)) })
  }

  /// What a trial sets, which follows from seed and number alone.
  public func settings(ofTrial number: Int, seed: UInt64) -> [String: ConfigurationValue] {
    var seeds = SeededRandom(seed: seed)
    for _ in 0..<number { _ = seeds.next() }
    var random = SeededRandom(seed: seeds.next())
    var settings: [String: ConfigurationValue] = [:]
    for (path, range) in ranges.sorted(by: { $0.key < $1.key }) { settings[path] = range.draw(using: &random) }
    return settings
  }

  /// The recipe with a trial's settings.
  public func recipe(with settings: [String: ConfigurationValue]) throws(TrainingError) -> Recipe {
    let recipe = try recipe.changed(by: settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    try recipe.validate()
    return recipe
  }
}
