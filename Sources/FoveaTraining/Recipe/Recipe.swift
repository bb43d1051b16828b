public import FoveaCore
import FoveaModel

/// How a model is trained: everything about it that is not the model and not the data.
public struct Recipe: Configurable {
  public static let explanations = [
    "epochs": "passes over the training images, 1 to 1,000,000",
    "batchSize": "images per step; 1 trains on-line",
    "optimizer": "the rule that changes the weights, with its settings; 'fovea kinds optimizers' lists them",
    "schedule": "learning rates from pass to pass; where left out, the optimizer's own",
    "augmentation": "random changes of each picture, anew in each pass; none where left out",
    "evaluatesTrainingData": "whether all training images are evaluated after each pass, for a learning curve",
  ]

  /// Passes over the training data.
  public var epochs = 10
  /// Examples per step; 1 trains on-line, pattern by pattern.
  public var batchSize = 128
  /// An ``Optimizer``'s kind and settings.
  public var optimizer = KindDescription(kind: Adam.kind)
  /// A ``Schedule``'s kind and settings; nil for the optimizer's own rate throughout.
  public var schedule: ScheduleDescription?
  /// The kinds and settings of each ``Augmentation``; nil for none.
  public var augmentation: AugmentationDescription?
  /// Whether all training data is evaluated after each pass, for a learning curve.
  public var evaluatesTrainingData = false

  public init() {}

  /// - Throws: ``TrainingError`` for settings that make no sense.
  public func validate() throws(TrainingError) {
    guard (1...1_000_000).contains(epochs) else {
      throw .invalidSetting(name: "the number of epochs", expected: "1 to 1,000,000", got: "\(epochs)")
    }
    guard (1...1_000_000).contains(batchSize) else {
      throw .invalidSetting(name: "the batch size", expected: "1 to 1,000,000", got: "\(batchSize)")
    }
  }

  /// - Parameter registry: where the optimizer is found, which may be a plugin's.
  public func makeOptimizer(_ registry: Registry) throws(TrainingError) -> any Optimizer {
    do { return try registry.makeOptimizer(optimizer) } catch { throw .kind(error) }
  }

  /// The schedule; nil where the optimizer's own rate holds throughout.
  public func makeSchedule(_ registry: Registry) throws(TrainingError) -> (any Schedule)? {
    guard let schedule else { return nil }
    do { return try registry.makeSchedule(schedule.kind) } catch { throw .kind(error) }
  }

  /// What changes a training picture, each ``Augmentation`` after the other; nil for none.
  public func makeAugmentation(
    _ registry: Registry
  ) throws(TrainingError) -> (@Sendable (Image, inout SeededRandom) throws -> Image)? {
    let all = try makeAugmentations(registry)
    guard !all.isEmpty else { return nil }
    return { image, random in try all.reduce(image) { try $1.apply($0, using: &random) } }
  }

  private func makeAugmentations(_ registry: Registry) throws(TrainingError) -> [any Augmentation] {
    var made: [any Augmentation] = []
    do {
      for kind in augmentation?.kinds ?? [] { made.append(try registry.makeAugmentation(kind)) }
    } catch { throw .kind(error) }
    return made
  }

  /// The same with all settings of all kinds written out, for a record that says all.
  ///
  /// - Throws: ``TrainingError`` for a kind that nobody has registered, and settings that it does not take.
  public func completed(in registry: Registry) throws(TrainingError) -> Recipe {
    try validate()
    var result = self
    result.optimizer = KindDescription(complete: try makeOptimizer(registry))
    result.schedule = try makeSchedule(registry).map { ScheduleDescription(KindDescription(complete: $0)) }
    let augmentations = try makeAugmentations(registry).map { KindDescription(complete: $0) }
    result.augmentation = augmentations.isEmpty ? nil : AugmentationDescription(augmentations)
    return result
  }
}
