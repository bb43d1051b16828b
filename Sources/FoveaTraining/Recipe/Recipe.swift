public import FoveaCore
public import FoveaImage
public import FoveaModel

/// How a model is trained: everything about it that is not the model and not the data.
public struct Recipe: Configurable {
  public static let explanations = [
    "epochs": "passes over the training images, 1 to 1,000,000",
    "batchSize": "images per step; 1 trains on-line",
    "optimizer": "the rule that changes the weights, with its settings; 'fovea kinds optimizers' lists them",
    "schedule": "learning rates for spans of passes, the last one to the end; where empty, the optimizer's own",
    "augmentation": "random distortions of each picture, anew in each pass; none where left out",
    "evaluatesTrainingData": "whether all training images are evaluated after each pass, for a learning curve",
  ]

  /// Passes over the training data.
  public var epochs = 10
  /// Examples per step; 1 trains on-line, pattern by pattern.
  public var batchSize = 128
  /// An ``Optimizer``'s kind and settings.
  public var optimizer = KindDescription(kind: Adam.kind)
  /// Learning rates for spans of passes, `[{epochs: 2, learningRate: 0.0005}, …]`; the last one holds to the end.
  /// Empty: the optimizer's own rate throughout.
  public var schedule: [Nested<Span>] = []
  /// Random distortions of each picture, anew in each pass; nil for none.
  public var augmentation: Nested<RandomAffine>?
  /// Whether all training data is evaluated after each pass, for a learning curve.
  public var evaluatesTrainingData = false

  public init() {}

  /// One span of a schedule.
  public struct Span: Configurable {
    public var epochs = 1
    public var learningRate: Float = 0
    public static let requiredKeys: Set = ["epochs", "learningRate"]
    public static let explanations = [
      "epochs": "how many passes the rate holds for",
      "learningRate": "how far a step goes",
    ]

    public init() {}

    public init(epochs: Int, learningRate: Float) {
      self.epochs = epochs
      self.learningRate = learningRate
    }
  }

  /// - Throws: ``TrainingError`` for settings that make no sense.
  public func validate() throws(TrainingError) {
    guard (1...1_000_000).contains(epochs) else {
      throw .invalidSetting(name: "the number of epochs", expected: "1 to 1,000,000", got: "\(epochs)")
    }
    guard (1...1_000_000).contains(batchSize) else {
      throw .invalidSetting(name: "the batch size", expected: "1 to 1,000,000", got: "\(batchSize)")
    }
    for span in schedule.map(\.value) where !(span.epochs > 0 && span.learningRate > 0 && span.learningRate.isFinite) {
      throw .invalidSetting(
        name: "a span of the schedule", expected: "one epoch or more at a positive learning rate",
        got: "\(span.epochs) at \(span.learningRate)")
    }
    do { try augmentation?.value.validate() } catch { throw .data(error.description) }
    try makeOptimizer().validate()
  }

  public func makeOptimizer() throws(TrainingError) -> any Optimizer {
    try BuiltinOptimizers.make(optimizer.kind, optimizer.configuration)
  }

  /// The learning rate of a pass, counted from 1; nil where the optimizer's own holds.
  public func learningRate(epoch: Int) -> Float? {
    let spans = schedule.map(\.value)
    var last = 0
    for span in spans {
      last += span.epochs
      if epoch <= last { return span.learningRate }
    }
    return spans.last?.learningRate
  }
}
