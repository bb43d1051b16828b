public import FoveaCore

/// The observers of the toolkit that a recipe may name, in one visible list.
public enum BuiltinObservers {
  public static let all: [any RecipeObserver.Type] = [
    EarlyStopping.self, CheckpointObserver.self, LearningRateLog.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
