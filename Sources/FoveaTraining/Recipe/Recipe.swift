public import FoveaCore
public import FoveaImage

/// How a model is trained: everything about it that is not the model and not the data.
public struct Recipe: Configurable {
  /// Passes over the training data.
  public var epochs = 10
  /// Examples per step; 1 trains on-line, pattern by pattern.
  public var batchSize = 128
  /// `kind` and settings of an ``Optimizer``.
  public var optimizer: ConfigurationValue = ["kind": "adam"]
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
    guard case .object(var values) = optimizer, case .string(let kind)? = values.removeValue(forKey: "kind") else {
      throw .invalidSetting(
        name: "the optimizer", expected: "a group of keys with 'kind', such as {kind: adam}", got: "\(optimizer)")
    }
    return try BuiltinOptimizers.make(kind, values)
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
