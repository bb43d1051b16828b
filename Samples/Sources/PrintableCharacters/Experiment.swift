import Fovea

/// The pictures that all networks learn from and are tested with, and how they are trained.
struct Experiment {
  /// One trained network, what it says about the test pictures, and how good that is.
  struct Result {
    let reader: Reader
    let readings: [Reading]
    let score: Score
  }

  let training: CharacterPictures
  /// Distorted once, so that all networks see the same.
  let test: CharacterPictures
  let nonsense: [Nonsense: CharacterPictures]
  private let lookAlikes: LookAlikes
  private let recipe: Recipe
  private let j: Float
  private let threads: Int
  private let seed: UInt64

  /// Of the em square, in pixels.
  private static let sizes = [24.0, 26, 28]
  private static let nonsenseOfAKind = 1000

  init(fonts: FontSet, passes: Int, j: Float, threads: Int, seed: UInt64) throws {
    training = try CharacterPictures(name: "the training fonts", fonts: fonts.training, sizes: Self.sizes)
    test = try CharacterPictures(name: "the test fonts", fonts: fonts.test, sizes: Self.sizes)
      .distorted(Self.distortion, seed: seed &+ 1)
    var nonsense: [Nonsense: CharacterPictures] = [:]
    for (number, kind) in Nonsense.allCases.enumerated() {
      nonsense[kind] = try kind.make(Self.nonsenseOfAKind, from: test, seed: seed &+ 2 &+ UInt64(number))
    }
    self.nonsense = nonsense
    lookAlikes = LookAlikes(training)
    recipe = Self.recipe(passes: passes)
    self.j = j
    self.threads = threads
    self.seed = seed
  }

  var summary: String {
    "\(training.count) training pictures, \(test.count) test pictures, "
      + "\(nonsense.values.reduce(0) { $0 + $1.count }) of nonsense; \(recipe.epochs) passes for each code"
  }

  func run(_ code: OutputCode, report: (EpochMetrics) -> Void) throws -> Result {
    let reader = try Reader(
      training: code, on: training, recipe: recipe, j: j, threads: threads, seed: seed, report: report)
    let readings = try reader.read(test)
    let score = Score(
      readings, of: test, nonsense: try nonsense.mapValues { try reader.read($0) }, lookAlikes: lookAlikes)
    return Result(reader: reader, readings: readings, score: score)
  }

  /// Less than ``RandomAffine/handwriting``, for type leans and swells less than a hand does.
  private static var distortion: RandomAffine {
    var distortion = RandomAffine.handwriting
    distortion.shearing = .symmetric(0.1)
    distortion.rotation = .symmetric(4)
    return distortion
  }

  /// Adam in mini-batches; the rate falls to a tenth in the last quarters.
  private static func recipe(passes: Int) -> Recipe {
    var recipe = Recipe()
    recipe.epochs = passes
    recipe.batchSize = 64
    let quarter = passes / 4
    recipe.schedule = ScheduleDescription([
      SpanSchedule.Span(epochs: max(passes - 2 * quarter, 1), learningRate: 0.002),
      SpanSchedule.Span(epochs: max(quarter, 1), learningRate: 0.0006),
      SpanSchedule.Span(epochs: max(quarter, 1), learningRate: 0.0002),
    ])
    recipe.augmentation = AugmentationDescription(distortion)
    return recipe
  }
}
