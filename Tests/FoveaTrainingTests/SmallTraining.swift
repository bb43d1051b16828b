import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining

/// Small runs for tests: gray pictures of 6 × 6 with a bar that lies or stands, some of which cannot be read.
struct SmallTraining {
  struct Source: DatasetSource {
    var name = "bars"
    /// Of each picture's name.
    var prefix = ""
    var count = 40
    var failing: Set<Int> = []
    let labels = ["lying", "standing"]

    func target(at index: Int) -> Int { index % 2 }
    func identifier(at index: Int) -> String { "\(name)/\(prefix)\(index)" }

    func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
      guard !failing.contains(index) else { throw .unreadable(path: identifier(at: index), reason: "bad") }
      var random = SeededRandom(seed: UInt64(index))
      let place = index / 2 % 4 + 1
      let pixels = (0..<36).map { pixel in
        let isBar = (index % 2 == 0 ? pixel / 6 : pixel % 6) == place
        return UInt8.random(in: isBar ? 150...255 : 0...120, using: &random)
      }
      do { return try Image(width: 6, height: 6, channels: 1, pixels: .bytes(pixels)) } catch {
        throw .image(identifier: identifier(at: index), error: error)
      }
    }
  }

  var layers = [Flatten.layer(), Dense.layer("hidden", units: 6), Tanh.layer(), Dense.layer("output", units: 2)]
  var loss = KindDescription(SoftmaxCrossEntropy())
  var training = Source()
  var validation: Source? = Source(name: "others", count: 10)
  var recipe: Recipe = {
    var recipe = Recipe()
    (recipe.epochs, recipe.batchSize) = (3, 16)
    return recipe
  }()
  var settings = TrainingRun.Settings(seed: 5, threads: 2)
  /// Registers kinds of a test's own.
  var more: @Sendable (inout Registry) throws -> Void = { _ in }

  func run() throws -> TrainingRun {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinOptimizers.register(in: &registry)
    try BuiltinSchedules.register(in: &registry)
    try BuiltinPostprocessing.register(in: &registry)
    try BuiltinMetrics.register(in: &registry)
    try BuiltinObservers.register(in: &registry)
    try BuiltinBatchAugmentations.register(in: &registry)
    try registry.registerImageKinds()
    try more(&registry)
    let description = ModelDescription(
      name: "small", input: [1, 6, 6], layers: layers, loss: loss, preprocessing: [KindDescription(Scale())])
    return try TrainingRun(
      description, registry: registry, training: Dataset(training), validation: validation.map { Dataset($0) },
      recipe: recipe, settings: settings)
  }
}
