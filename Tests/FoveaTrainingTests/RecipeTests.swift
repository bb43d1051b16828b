import Foundation
import FoveaCore
import FoveaImage
import FoveaModel
import FoveaTraining
import Testing

/// What a recipe may say, and what becomes of it.
struct RecipeTests {
  private static let builtin: Registry = {
    var registry = Registry()
    try? registry.registerImageKinds()
    try? BuiltinOptimizers.register(in: &registry)
    try? BuiltinSchedules.register(in: &registry)
    try? BuiltinBatchAugmentations.register(in: &registry)
    try? BuiltinMetrics.register(in: &registry)
    try? BuiltinObservers.register(in: &registry)
    return registry
  }()

  private func recipe(_ yaml: String) throws -> Recipe {
    let path = NSTemporaryDirectory() + "recipe-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    return try Recipe(contentsOf: path)
  }

  private func rates(_ yaml: String, passes: Int) throws -> [Float] {
    let schedule = try #require(try recipe(yaml).makeSchedule(Self.builtin))
    return (1...passes).map { schedule.learningRate(pass: $0, of: passes, from: 9) }
  }

  @Test func aScheduleIsAListOrAKind() throws {
    let expected: [Float] = [0.5, 0.5, 0.25, 0.25]
    let list = "[{epochs: 2, learningRate: 0.5}, {epochs: 1, learningRate: 0.25}]"
    #expect(try rates("schedule: \(list)", passes: 4) == expected)
    #expect(try rates("schedule: {kind: spans, spans: \(list)}", passes: 4) == expected)
    #expect(try rates("schedule: []", passes: 2) == [9, 9])
    #expect(try recipe("epochs: 3").makeSchedule(Self.builtin) == nil)
  }

  @Test func augmentationsAreOneOrSeveral() throws {
    let keys = try recipe("augmentation: {rotation: [-10, 10]}").augmentation
    let kind = KindDescription(kind: "randomAffine", configuration: ["rotation": [-10, 10]])
    #expect(keys?.kinds == [kind])
    #expect(try recipe("augmentation: {kind: randomAffine, rotation: [-10, 10]}").augmentation?.kinds == [kind])
    let several = try recipe("augmentation: [{rotation: [-10, 10]}, randomAffine]").augmentation
    #expect(several?.kinds == [kind, KindDescription(kind: "randomAffine")])
    #expect(try recipe("augmentation:").augmentation == nil)
    #expect(throws: TrainingError.self) { try recipe("augmentation: 3") }
  }

  @Test func metricsAreForAllOutputsOrByOutput() throws {
    let f1 = KindDescription(kind: "f1", configuration: ["average": "micro"])
    #expect(try recipe("metrics: accuracy").metrics == MetricsDescription([KindDescription(kind: "accuracy")]))
    let several = try recipe("metrics: [accuracy, {kind: f1, average: micro}]").metrics
    #expect(several == MetricsDescription([KindDescription(kind: "accuracy"), f1]))
    let named = try recipe("metrics: {digit: {kind: f1, average: micro}, isLarge: [logLoss]}").metrics
    #expect(named == MetricsDescription([], byOutput: ["digit": [f1], "isLarge": [KindDescription(kind: "logLoss")]]))
    #expect(throws: TrainingError.self) { try recipe("metrics: 3") }
    #expect(throws: TrainingError.self) { try recipe("metrics: {digit: 3}") }
    #expect(throws: TrainingError.self) { try recipe("metrics: [[accuracy]]") }
  }

  @Test func whatIsNotThereIsToldWithTheNearestName() throws {
    func problem(_ yaml: String) throws -> String {
      let recipe = try recipe(yaml)
      let error = #expect(throws: TrainingError.self) { try recipe.completed(in: Self.builtin) }
      return error?.description ?? ""
    }
    #expect(try problem("metrics: [accuracy, f2]").hasPrefix("unknown metric 'f2'; did you mean 'f1'?"))
    // A figure's name is not the metric's.
    #expect(try problem("metrics: macroF1").hasPrefix("unknown metric 'macroF1'; did you mean 'f1'?"))
    #expect(try problem("metrics: {a: {kind: f1, avarage: micro}}").contains("did you mean 'average'?"))
    #expect(try problem("metrics: {kind: topAccuracy, k: 0}").contains("'k' must be 1 or more, but is 0"))
    #expect(try problem("observers: earlyStoping").contains("did you mean 'earlyStopping'?"))
    #expect(try problem("observers: checkpoints").contains("'file'"))
    #expect(
      try problem("metrics: earlyStopping").contains("one of the observers, which belong under 'observers' in a recipe")
    )
  }

  @Test func theRecordSaysAllOfMetricsAndObservers() throws {
    let recipe = try recipe(
      "metrics: {digit: [f1]}\nwatch: macroF1\nobservers: [earlyStopping, {kind: learningRateLog, file: a.csv}]")
    var record = TrainingRecord()
    try record.note(recipe, from: Self.builtin)
    #expect(record.recipe?["metrics"] == ["digit": [["kind": "f1", "average": "macro"]]])
    #expect(
      record.recipe?["observers"] == [
        ["kind": "earlyStopping", "patience": 5, "minimumChange": 0], ["kind": "learningRateLog", "file": "a.csv"],
      ])
    #expect(record.recipe?["watch"] == "macroF1" && record.origins == nil)
    // A recipe without them is recorded as before there were any.
    try record.note(Recipe(), from: Self.builtin)
    #expect(Set(try #require(record.recipe).keys).isDisjoint(with: ["metrics", "watch", "observers"]))
  }

  /// Adds its own number to each value, so that order and number of applications can be read off.
  private struct Append: Augmentation {
    static let kind = "append"
    var digit: Float = 1
    func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
      try Image(width: 1, height: 1, channels: 1, pixels: .floats(image.floats.map { 10 * $0 + digit }))
    }
  }

  /// η halves with each pass.
  private struct Halving: Schedule {
    static let kind = "halving"
    func learningRate(pass: Int, of count: Int, from rate: Float) -> Float { rate / pow(2, Float(pass - 1)) }
  }

  /// A rule with a setting of words.
  private struct Signs: Optimizer {
    static let kind = "signs"
    enum Mode: String, Codable, CaseIterable { case plain, careful }
    var learningRate: Float = 0.5
    var mode = Mode.plain
    var memories: Int { 0 }
    func validate() throws(ConfigurationError) {
      try require("learningRate", learningRate, "a positive number", learningRate > 0)
    }
    func update(_ block: WeightBlock, step: Int) {}
  }

  private static let stranger = Origin.plugin(name: "Stranger", version: "2.0.0")

  private static func registry() throws -> Registry {
    var registry = Self.builtin
    try registry.register(Append.self, from: stranger)
    try registry.register(Halving.self, from: stranger)
    try registry.register(Signs.self, from: stranger)
    return registry
  }

  @Test func aStrangersKindsAreUsed() throws {
    let recipe = try recipe(
      """
      optimizer: {kind: signs, mode: careful}
      schedule: halving
      augmentation: [{kind: append, digit: 1}, {kind: append, digit: 2}]
      """)
    let registry = try Self.registry()
    let optimizer = try #require(try recipe.makeOptimizer(registry) as? Signs)
    #expect(optimizer.mode == .careful && optimizer.learningRate == 0.5)
    #expect(try recipe.makeSchedule(registry)?.learningRate(pass: 3, of: 3, from: 4) == 1)
    let augment = try #require(try recipe.makeAugmentation(registry))
    var random = SeededRandom(seed: 1)
    let image = try Image(width: 1, height: 1, channels: 1, pixels: .floats([7]))
    #expect(try augment(image, &random).floats == [712])
  }

  @Test func whatIsWrongIsNamed() throws {
    let registry = try Self.registry()
    func message(_ yaml: String) throws -> String? {
      do throws(TrainingError) {
        _ = try recipe(yaml).completed(in: registry)
        return nil
      } catch { return error.description }
    }
    func recipe(_ yaml: String) throws(TrainingError) -> Recipe {
      do { return try self.recipe(yaml) } catch { throw error as? TrainingError ?? .data("\(error)") }
    }
    #expect(try message("optimizer: {kind: adam, beta1: 0.8}") == nil)
    #expect(
      try message("optimizer: {kind: signs, mode: carful}")
        == "optimizer 'signs': 'mode' must be plain or careful, but is 'carful'; did you mean 'careful'?")
    #expect(
      try message("optimizer: {kind: signs, learningRate: -1}")
        == "optimizer 'signs': 'learningRate' must be a positive number, but is -1.0")
    #expect(
      try message("schedule: [{epochs: 0, learningRate: 1}]")
        == "a span of the schedule: must be one epoch or more at a positive learning rate, but is 0 at 1.0")
    #expect(try message("schedule: [{epochs: 1}]")?.contains("needs the key 'learningRate'") == true)
    #expect(try message("augmentation: {rotaton: [0, 1]}")?.contains("did you mean 'rotation'?") == true)
    #expect(
      try message("augmentation: {horizontalFlip: 2}")?.contains("'horizontalFlip' must be a probability") == true)
    #expect(
      try message("optimizer: halving")
        == "unknown optimizer 'halving'; it is one of the schedules, which belong under 'schedule' in a recipe."
        + " Known: adam, adamw, diagonalLevenbergMarquardt, lion, rmsprop, sgd, signs")
  }

  /// What the record holds is a recipe of its own, with every setting, and says whose the kinds are.
  @Test func theRecordHoldsTheRecipeInFull() throws {
    let registry = try Self.registry()
    let recipe = try recipe(
      """
      batchSize: 4
      schedule: [{epochs: 2, learningRate: 0.5}]
      augmentation: [append, {fill: 3}]
      """)
    var record = TrainingRecord()
    try record.note(recipe, from: registry)
    let values = try #require(record.recipe)
    #expect(values["epochs"] == 10 && values["batchSize"] == 4 && values["evaluatesTrainingData"] == false)
    let adam: [String: ConfigurationValue] = [
      "kind": "adam", "learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-08, "weightDecay": 0,
    ]
    #expect(values["optimizer"] == .object(adam))
    #expect(values["schedule"] == ["kind": "spans", "spans": [["epochs": 2, "learningRate": 0.5]]])
    guard case .array(let augmentations)? = values["augmentation"], augmentations.count == 2 else {
      Issue.record("\(values["augmentation"] ?? .null)")
      return
    }
    #expect(augmentations[0] == ["kind": "append", "digit": 1])
    guard case .object(let affine) = augmentations[1] else { return }
    #expect(affine["fill"] == 3 && affine["scaling"] == [1, 1] && affine.count == 12)
    #expect(record.origins?.map(\.kind) == ["append"])
    #expect(record.origins?.map(\.sort) == ["augmentation"])
    #expect(record.origins?.map(\.plugin) == ["Stranger"])
    let again = try ConfigurationDecoder.decode(Recipe.self, from: values, owner: "the record")
    #expect(try again == recipe.completed(in: registry))
  }

  @Test(arguments: BuiltinRecipes.all.keys.sorted()) func aBuiltInRecipeIsSound(_ name: String) throws {
    let recipe = try #require(BuiltinRecipes.all[name])
    let whole = try recipe.completed(in: Self.builtin)
    #expect(try whole.completed(in: Self.builtin) == whole)
  }
}
