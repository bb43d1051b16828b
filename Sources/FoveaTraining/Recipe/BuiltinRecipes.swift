import FoveaCore
import FoveaModel

/// The recipes that the toolkit knows by name.
public enum BuiltinRecipes {
  /// Recipes by name.
  public static let all: [String: Recipe] = ["default": Recipe(), "paper": paper, "paper-distorted": paperDistorted]

  /// The protocol of LeCun, Bottou, Bengio, Haffner 1998, section III-A: 20 on-line passes of the stochastic diagonal
  /// Levenberg-Marquardt method, rates that fall from pass to pass, second derivatives estimated on 500 patterns before
  /// each.
  ///
  /// Deviates: the rates are 0.3 times the paper's, and the damping µ is 0.1 and not 0.02, with which steps are too long
  /// here; `Documentation/LeNet5.md` says what either gives.
  static var paper: Recipe { onLine(scale: 0.3) }

  /// The same with the distortions of section III-B: translation, scaling, squeezing and horizontal shearing. The rates are
  /// half of the paper's: no digit comes twice.
  ///
  /// Deviates: the paper names no ranges, and draws from 540,000 distorted patterns made beforehand; here every
  /// presentation is distorted anew.
  static var paperDistorted: Recipe {
    var recipe = onLine(scale: 0.5)
    recipe.augmentation = AugmentationDescription(.handwriting)
    return recipe
  }

  /// - Parameter scale: of the paper's rates.
  private static func onLine(scale: Float) -> Recipe {
    var recipe = Recipe()
    recipe.epochs = 20
    recipe.batchSize = 1
    recipe.optimizer = KindDescription(
      kind: DiagonalLevenbergMarquardt.kind, configuration: ["damping": 0.1, "patterns": 500])
    let rates: [(epochs: Int, rate: Float)] = [(2, 0.0005), (3, 0.0002), (3, 0.0001), (4, 0.00005), (8, 0.00001)]
    recipe.schedule = ScheduleDescription(rates.map { .init(epochs: $0.epochs, learningRate: scale * $0.rate) })
    recipe.evaluatesTrainingData = true
    return recipe
  }
}
