/// The layers of Keras that are known, by the names of their classes.
public struct KerasLayers: Sendable {
  private var rules: [String: KerasLayerRule] = [:]

  public static let standard: KerasLayers = {
    var layers = KerasLayers()
    let families = [
      KerasConvolutions.all, KerasPoolings.all, KerasDense.all, KerasActivations.all, KerasNormalizations.all,
      KerasShapes.all, KerasMerges.all, KerasOperations.all, KerasAttention.all, KerasRegularization.all,
      KerasPreprocessing.all,
    ]
    for rule in families.joined() { layers.register(rule) }
    return layers
  }()

  /// None at all.
  public init() {}

  /// Adds a rule; it takes the place of one for the same class.
  ///
  /// A program's own class stands in files as `Package>Class`; it is found by `Class` as well.
  public mutating func register(_ rule: KerasLayerRule) {
    for name in rule.classNames { rules[name] = rule }
  }

  /// - Returns: nil where there is none.
  public func rule(for className: String) -> KerasLayerRule? {
    rules[className] ?? className.split(separator: ">").last.flatMap { rules[String($0)] }
  }

  /// All classes that are known, sorted.
  public var classNames: [String] { rules.keys.sorted() }
}
