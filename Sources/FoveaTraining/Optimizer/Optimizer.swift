public import FoveaCore

/// A rule by which gradients change weights, element by element.
///
/// The rule is a value that is configured; what it remembers of each weight is kept by ``WeightUpdater``, which also
/// sees to it that each weight, gradient and memory is read and written once.
public protocol Optimizer: Configurable {
  /// The one name of this rule on the command line and in recipes: `adam`.
  static var kind: String { get }

  /// One line for listings: how it steps.
  static var summary: String { get }

  /// How many numbers the rule remembers of each weight: 1 for momentum, 2 for Adam.
  var memories: Int { get }

  var learningRate: Float { get set }

  /// - Throws: ``TrainingError`` for settings that make no sense.
  func validate() throws(TrainingError)

  /// Changes the weights of a block.
  ///
  /// - Parameter step: 1 for the first.
  func update(_ block: WeightBlock, step: Int)
}

extension Optimizer {
  public static var summary: String { "" }
}

/// A rule that needs second derivatives, estimated before each pass over the data.
public protocol CurvatureOptimizer: Optimizer {
  /// On how many patterns they are estimated.
  var patterns: Int { get }

  /// What is remembered of a weight, in the first of ``Optimizer/memories``, given the mean second derivative of the
  /// loss by it over those patterns.
  func memory(curvature: Float) -> Float
}

extension Optimizer {
  func check(_ key: String, _ value: Float, _ expected: String, _ isValid: Bool) throws(TrainingError) {
    guard value.isFinite, isValid else {
      throw .invalidSetting(name: "\(Self.kind): \(key)", expected: expected, got: "\(value)")
    }
  }
}
