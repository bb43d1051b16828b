/// A rule by which gradients change weights, element by element.
///
/// The rule is a value that is configured; what it remembers of each weight is kept by whoever trains, who also sees to it
/// that each weight, gradient and memory is read and written once.
public protocol Optimizer: ConfigurableKind, Configurable {
  /// How many numbers the rule remembers of each weight: 1 for momentum, 2 for Adam.
  var memories: Int { get }

  var learningRate: Float { get set }

  /// The same rule for weights that are not to be drawn to zero: biases, and what scales and shifts. Itself, unless the
  /// rule says otherwise.
  var withoutDecay: Self { get }

  /// - Throws: ``ConfigurationError`` for settings that make no sense; ``require(_:_:_:_:)`` makes it.
  func validate() throws(ConfigurationError)

  /// Changes the weights of a block.
  ///
  /// - Parameter step: 1 for the first.
  func update(_ block: WeightBlock, step: Int)
}

extension Optimizer {
  public var withoutDecay: Self { self }

  public func checkSettings() throws { try validate() }

  /// What most rules ask of their settings, by their keys.
  ///
  /// - Parameters:
  ///   - shares: weights of the past, 0 or more and below 1.
  ///   - positive: numbers above 0, besides the rate.
  package func require(
    shares: KeyValuePairs<String, Float> = [:], positive: KeyValuePairs<String, Float> = [:], weightDecay: Float = 0
  ) throws(ConfigurationError) {
    try require("learningRate", learningRate, "a positive number", learningRate > 0)
    for (key, share) in shares { try require(key, share, "0 or more and below 1", (0..<1).contains(share)) }
    for (key, value) in positive { try require(key, value, "a positive number", value > 0) }
    try require("weightDecay", weightDecay, "0 or more", weightDecay >= 0)
  }
}

/// A rule that needs second derivatives, estimated before each pass over the data.
public protocol CurvatureOptimizer: Optimizer {
  /// On how many patterns they are estimated.
  var patterns: Int { get }

  /// What is remembered of a weight, in the first of ``Optimizer/memories``, given the mean second derivative of the
  /// loss by it over those patterns. ``Optimizer/update(_:step:)`` reads it only.
  func memory(curvature: Float) -> Float
}

extension Sort where Member == any Optimizer.Type {
  public static var optimizers: Sort { Sort("optimizers", noun: "optimizer", place: .recipe("optimizer")) { $0 } }
}

extension Registry {
  public var optimizers: KindRegistry<any Optimizer.Type> { self[.optimizers] }

  public mutating func register<O: Optimizer>(_ type: O.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .optimizers, from: origin)
  }

  public func makeOptimizer(_ description: KindDescription) throws(KindError) -> any Optimizer {
    try make(description, of: .optimizers) { settings, type throws(KindError) in try settings.read(type) }
  }
}
