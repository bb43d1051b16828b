import Foundation
import Fovea

/// The name of a built-in recipe or the path of a YAML file.
enum RecipeArgument {
  static let names = BuiltinRecipes.all.keys.sorted().joined(separator: ", ")

  static func load(_ argument: String) throws -> Recipe {
    if let recipe = BuiltinRecipes.all[argument] { return recipe }
    guard FileManager.default.fileExists(atPath: argument) else {
      let hint = Spelling.nearest(to: argument, among: BuiltinRecipes.all.keys).map { " Did you mean '\($0)'?" } ?? ""
      throw CommandError(
        "there is neither a built-in recipe nor a file '\(argument)'.\(hint) Built-in: \(names)"
      )
    }
    return try Recipe(contentsOf: argument)
  }
}
