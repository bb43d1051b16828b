import FoveaCore

/// The recipes that the toolkit knows by name.
public enum BuiltinRecipes {
  /// Recipes by name.
  public static let all: [String: Recipe] = ["default": Recipe(), "paper": paper, "paper-distorted": paperDistorted]

  /// The protocol of LeCun, Bottou, Bengio, Haffner 1998, section III-A: 20 on-line passes of the stochastic diagonal
  /// Levenberg-Marquardt method, rates that fall from pass to pass, second derivatives estimated on 500 patterns before
  /// each.
  ///
  /// Deviates: the rates are half of the paper's (0.0005, 0.0002, 0.0001, 0.00005, 0.00001), and the damping µ is 0.1
  /// and not 0.02, with which steps are too long here; `Documentation/LeNet5.md` says what either gives.
  static var paper: Recipe {
    var recipe = Recipe()
    recipe.epochs = 20
    recipe.batchSize = 1
    recipe.optimizer = ["kind": "diagonalLevenbergMarquardt", "damping": 0.1, "patterns": 500]
    recipe.schedule = [
      Nested(Recipe.Span(epochs: 2, learningRate: 0.00025)), Nested(Recipe.Span(epochs: 3, learningRate: 0.0001)),
      Nested(Recipe.Span(epochs: 3, learningRate: 0.00005)), Nested(Recipe.Span(epochs: 4, learningRate: 0.000025)),
      Nested(Recipe.Span(epochs: 8, learningRate: 0.000005)),
    ]
    recipe.evaluatesTrainingData = true
    return recipe
  }

  /// The same with the distortions of section III-B: translation, scaling, squeezing and horizontal shearing.
  ///
  /// Deviates: the paper names no ranges, and draws from 540,000 distorted patterns made beforehand; here every
  /// presentation is distorted anew.
  static var paperDistorted: Recipe {
    var recipe = paper
    recipe.augmentation = Nested(.handwriting)
    return recipe
  }
}
