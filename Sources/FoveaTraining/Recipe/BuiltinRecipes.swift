import FoveaCore
import FoveaImage
import FoveaModel

/// The recipes that the toolkit knows by name.
public enum BuiltinRecipes {
  /// Recipes by name.
  public static let all: [String: Recipe] = [
    "default": Recipe(), "paper": paper, "paper-distorted": paperDistorted, "photographs": photographs,
    "keras-tutorial": kerasTutorial,
  ]

  /// Good defaults for photographs in class folders: a residual network, distorted and mixed pictures, one cycle of the rate,
  /// decoupled weight decay, and a running mean of the weights.
  static var photographs: Recipe {
    var recipe = Recipe()
    recipe.architecture = "small-resnet"
    (recipe.epochs, recipe.batchSize) = (40, 64)
    var optimizer = AdamW(learningRate: 0.004, weightDecay: 0.05)
    optimizer.beta2 = 0.99
    recipe.optimizer = KindDescription(optimizer)
    recipe.schedule = ScheduleDescription(KindDescription(OneCycleSchedule()))
    recipe.averaging = Nested(WeightAveraging(decay: 0.99))
    var distortion = RandomAffine()
    distortion.translationX = .symmetric(0.1)
    distortion.translationY = .symmetric(0.1)
    distortion.scaling = ParameterRange(0.9, 1.4)
    distortion.squeezing = ParameterRange(0.9, 1.1)
    distortion.rotation = .symmetric(12)
    distortion.horizontalFlip = 0.5
    distortion.border = .replicate
    var (brightness, contrast, saturation) = (Brightness(), Contrast(), Saturation())
    (brightness.factor, contrast.factor) = (ParameterRange(0.8, 1.2), ParameterRange(0.8, 1.2))
    saturation.factor = ParameterRange(0.7, 1.3)
    recipe.augmentation = AugmentationDescription([
      KindDescription(distortion), KindDescription(brightness), KindDescription(contrast), KindDescription(saturation),
    ])
    recipe.batchAugmentation = KindDescriptions([KindDescription(Mixup())])
    return recipe
  }

  /// What the tutorials of Keras do with cats and dogs: `ImageDataGenerator(rescale=1/255, shear_range=0.2, zoom_range=0.2,
  /// horizontal_flip=True)`, batches of 32, Adam, 25 epochs.
  static var kerasTutorial: Recipe {
    var recipe = Recipe()
    recipe.architecture = "cats-and-dogs"
    (recipe.epochs, recipe.batchSize) = (25, 32)
    var (shear, zoom) = (Shear(), Zoom())
    (shear.x, shear.border) = (.symmetric(0.2), .replicate)
    (zoom.width, zoom.height, zoom.border) = (ParameterRange(0.8, 1.2), ParameterRange(0.8, 1.2), .replicate)
    recipe.augmentation = AugmentationDescription([
      KindDescription(shear), KindDescription(zoom), KindDescription(HorizontalFlip()),
    ])
    return recipe
  }

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
