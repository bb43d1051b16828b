public import FoveaCore
public import FoveaData
import FoveaModel

/// How a model is trained; and, where it says so, which one and on what.
public struct Recipe: Configurable {
  public static let explanations = [
    "architecture": "the network, where none is given: a built-in architecture, or a YAML file beside this one",
    "data": "the images, where none are given, beside this file",
    "loss": "what training makes small, in place of the network's own",
    "epochs": "passes over the training images, 1 to 1,000,000",
    "batchSize": "images per step; 1 trains on-line",
    "optimizer": "the rule that changes the weights, with its settings; 'fovea kinds optimizers' lists them",
    "schedule": "learning rates from pass to pass or step to step; where left out, the optimizer's own",
    "stepsPerEpoch": "steps of a pass, which goes on where the one before ended; as the images make where left out",
    "validationSteps": "judges each pass by so many batches only, always the same images; by all where left out",
    "accumulation": "batches whose gradients are averaged for one step",
    "clipping": "the largest norm of a step's gradient, and the largest of its numbers; no limit where left out",
    "averaging": "judges and saves a running mean of the weights; the weights themselves where left out",
    "freeze": "the last layer whose weights stay as they are, as do those of all before it; none where left out",
    "layerDecay": "by what the rate is multiplied from each layer with weights to the one before it, above 0 to 1",
    "classWeights": "by what a class's losses are multiplied: 'balanced', or a number for each name; 1 where left out",
    "sampling": "whether a pass has each image once, or each class as often as every other",
    "watch": "by which figure the best pass is chosen, such as accuracy; by the loss where left out",
    "earlyStopping": "ends the training when so many passes have not been better; never where left out",
    "restoresBest": "whether the model has the weights of the best pass in the end, and not of the last",
    "augmentation": "random changes of each picture, anew in each pass; none where left out",
    "metrics": "figures besides the task's own, for all outputs or by output; 'fovea kinds metrics' lists them",
    "observers": "what watches the training; 'fovea kinds observers' lists them",
    "batchAugmentation": "random changes of the images of a batch together, and of their classes; none where left out",
    "evaluatesTrainingData": "whether all training images are evaluated after each pass, for a learning curve",
  ]

  /// A built-in ``Architecture`` or a description's path, for those who are told no other.
  public var architecture: String?
  /// Where the data lies, for those who are told no other.
  public var data: String?
  /// Takes the place of the network's.
  public var loss: KindDescription?
  /// Passes over the training data.
  public var epochs = 10
  /// Examples per step; 1 trains on-line, pattern by pattern.
  public var batchSize = 128
  /// An ``Optimizer``'s kind and settings.
  public var optimizer = KindDescription(kind: Adam.kind)
  /// A ``Schedule``'s kind and settings; nil for the optimizer's own rate throughout.
  public var schedule: ScheduleDescription?
  /// How many steps a pass has; where nil, as many as its images make.
  public var stepsPerEpoch: Int?
  /// By how many batches each pass is judged; by all where nil.
  public var validationSteps: Int?
  /// How many batches make one step.
  public var accumulation = 1
  public var clipping: Nested<GradientClipping>?
  public var averaging: Nested<WeightAveraging>?
  /// The name of the last layer whose weights stay as they are.
  public var freeze: String?
  /// The deeper a layer, the farther its steps: for networks that are trained already. 1 for all alike.
  public var layerDecay = 1.0
  public var classWeights: ClassWeights?
  public var sampling = BatchLoader.Sampling.shuffled
  /// The ``MetricFigure/key`` of the figure by which the best pass is chosen; the loss where nil.
  public var watch: String?
  public var earlyStopping: Nested<EarlyStopping>?
  public var restoresBest = false
  /// The kinds and settings of each ``Augmentation``; nil for none.
  public var augmentation: AugmentationDescription?
  /// The kinds and settings of each ``Metric``; nil for the task's own figures alone.
  public var metrics: MetricsDescription?
  /// The kinds and settings of each ``RecipeObserver``; nil for none.
  public var observers: KindDescriptions?
  /// The kinds and settings of each ``BatchAugmentation``; nil for none.
  public var batchAugmentation: KindDescriptions?
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
    let counts = [
      ("stepsPerEpoch", stepsPerEpoch), ("validationSteps", validationSteps), ("accumulation", accumulation),
    ]
    for case (let name, let count?) in counts where !(1...1_000_000).contains(count) {
      throw .invalidSetting(name: "'\(name)'", expected: "1 to 1,000,000", got: "\(count)")
    }
    guard layerDecay > 0, layerDecay <= 1 else {
      throw .invalidSetting(name: "'layerDecay'", expected: "above 0 to 1", got: "\(layerDecay)")
    }
    try clipping?.value.validate()
    try averaging?.value.validate()
    do { try earlyStopping?.value.validate() } catch { throw .configuration(error) }
  }

  /// - Parameter registry: where the optimizer is found, which may be a plugin's.
  public func makeOptimizer(_ registry: Registry) throws(TrainingError) -> any Optimizer {
    do { return try registry.makeOptimizer(optimizer) } catch { throw .kind(error) }
  }

  /// The schedules; nil where the optimizer's own rate holds throughout.
  public func makeSchedule(_ registry: Registry) throws(TrainingError) -> ScheduleChain? {
    guard let schedule else { return nil }
    do {
      return ScheduleChain(
        schedules: try schedule.kinds.map { kind throws(KindError) in try registry.makeSchedule(kind) })
    } catch { throw .kind(error) }
  }

  /// What watches a training.
  public func makeObservers(_ registry: Registry) throws(TrainingError) -> [any RecipeObserver] {
    var made: [any RecipeObserver] = []
    do { for kind in observers?.kinds ?? [] { made.append(try registry.makeObserver(kind)) } } catch {
      throw .kind(error)
    }
    return made
  }

  /// The same with all settings of all kinds written out, for a record that says all.
  ///
  /// - Throws: ``TrainingError`` for a kind that nobody has registered, and settings that it does not take.
  public func completed(in registry: Registry) throws(TrainingError) -> Recipe {
    try validate()
    var result = self
    result.optimizer = KindDescription(complete: try makeOptimizer(registry))
    do {
      result.loss = try loss.map { loss throws(ModelError) in KindDescription(complete: try registry.makeLoss(loss)) }
    } catch { throw .model(error) }
    result.schedule = try makeSchedule(registry).map { chain in
      ScheduleDescription(chain.schedules.map { KindDescription(complete: $0) })
    }
    let augmentations = try makeAugmentations(registry).map { KindDescription(complete: $0) }
    result.augmentation = augmentations.isEmpty ? nil : AugmentationDescription(augmentations)
    result.metrics = try metrics?.completed(in: registry)
    if observers != nil {
      result.observers = KindDescriptions(try makeObservers(registry).map { KindDescription(complete: $0) })
    }
    let mixing = try makeBatchAugmentations(registry).map { KindDescription(complete: $0) }
    result.batchAugmentation = mixing.isEmpty ? nil : KindDescriptions(mixing)
    return result
  }
}
