public import FoveaCore

/// The observers of the toolkit that a recipe may name, in one visible list.
public enum BuiltinObservers: BuiltinKinds {
  public static var sort: Sort<any RecipeObserver.Type> { .observers }
  public static let all: [any RecipeObserver.Type] = [
    EarlyStopping.self, CheckpointObserver.self, LearningRateLog.self,
  ]
}
