import Foundation
public import FoveaCore
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
    try self.init(values, path: path)
  }

  /// - Parameter path: of the file that the settings stand in.
  init(_ values: [String: ConfigurationValue], path: String) throws(TrainingError) {
    let recipe: Recipe
    do throws(ConfigurationError) {
      recipe = try ConfigurationDecoder.decode(Recipe.self, from: values, owner: "the recipe '\(path)'")
    } catch { throw TrainingError.configuration(error) }
    try recipe.validate()
    self = recipe
    // What they name lies beside the recipe, wherever that is read from.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func beside(_ name: String) -> String { URL(fileURLWithPath: name, relativeTo: folder).path }
    data = data.map(beside)
    if let name = architecture, Architecture.named(name) == nil { architecture = beside(name) }
  }

  /// The recipe with some of its settings changed: `epochs`, or `optimizer.learningRate` for what lies deeper.
  ///
  /// - Parameter changes: each a path of keys, numbers of lists' elements among them, and a value as YAML has it.
  /// - Throws: ``TrainingError/configuration(_:)`` for what is no recipe then.
  public func changed(by changes: [(path: String, value: ConfigurationValue)]) throws(TrainingError) -> Recipe {
    do throws(ConfigurationError) {
      var root = ConfigurationValue.object(try ConfigurationDecoder.encode(self))
      for (path, value) in changes {
        root = try root.setting(path.split(separator: ".").map(String.init)[...], to: value, path)
      }
      guard case .object(let values) = root else { return self }
      return try ConfigurationDecoder.decode(Recipe.self, from: values, owner: "the recipe")
    } catch { throw .configuration(error) }
  }
}

extension ConfigurationValue {
  /// - Parameter whole: the path from the root, for errors.
  fileprivate func setting(
    _ path: ArraySlice<String>, to value: ConfigurationValue, _ whole: String
  ) throws(ConfigurationError) -> ConfigurationValue {
    guard let key = path.first else { return value }
    let rest = path.dropFirst()
    switch self {
    case .array(var elements):
      guard let index = Int(key), elements.indices.contains(index) else {
        throw .invalidValue(
          owner: "the recipe", key: whole, expected: "with a number below \(elements.count) in the place of '\(key)'",
          got: "not")
      }
      elements[index] = try elements[index].setting(rest, to: value, whole)
      return .array(elements)
    case .object(var members):
      members[key] = try (members[key] ?? .null).setting(rest, to: value, whole)
      return .object(members)
    case .string(let kind):
      // A kind without settings may be a word.
      return try ConfigurationValue.object(["kind": .string(kind)]).setting(path, to: value, whole)
    default: return .object([key: try ConfigurationValue.null.setting(rest, to: value, whole)])
    }
  }
}
