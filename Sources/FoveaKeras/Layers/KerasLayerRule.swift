/// How a layer of Keras becomes layers of a model.
public struct KerasLayerRule: Sendable {
  /// A weight that Keras keeps for a layer.
  public struct Weight: Sendable {
    public let name: String
    /// The layer's own layer that has it, by its name in `.keras` files; nil where the layer has it itself.
    public let owner: String?
    /// Whether training changes it, as long as the layer is to be trained.
    public let isTrained: Bool

    public init(_ name: String, of owner: String? = nil, isTrained: Bool = true) {
      (self.name, self.owner, self.isTrained) = (name, owner, isTrained)
    }
  }

  /// The names of the layer's class, in all of Keras' versions: `Conv2D`, `Convolution2D`.
  public let classNames: [String]
  /// The weights of a layer with those settings, in Keras' order.
  public let weights: @Sendable (KerasSettings) throws -> [Weight]
  /// The names of arguments that it knows to follow; a call with others is not supported.
  public var words: Set<String> = ["inputs", "query", "value", "key", "x", "x1", "x2"]
  /// Adds layers to the model.
  ///
  /// - Returns: what the layer puts out.
  /// - Throws: ``KerasProblem``.
  public let convert: @Sendable (inout KerasConversion, KerasNode) throws -> KerasValue

  public init(
    _ classNames: String..., weights: @escaping @Sendable (KerasSettings) throws -> [Weight] = { _ in [] },
    convert: @escaping @Sendable (inout KerasConversion, KerasNode) throws -> KerasValue
  ) {
    (self.classNames, self.weights, self.convert) = (classNames, weights, convert)
  }
}

extension KerasLayerRule {
  /// A layer without weights that is one of the toolkit's, whatever the order of its input.
  static func plain(
    _ classNames: String..., kind: String,
    _ configuration: @escaping @Sendable (KerasSettings) throws -> KerasConfiguration = { _ in [:] }
  ) -> KerasLayerRule {
    KerasLayerRule(classNames: classNames) { conversion, node in
      try conversion.elementwise(kind, node.input(), try configuration(node.settings))
    }
  }

  init(
    classNames: [String], weights: @escaping @Sendable (KerasSettings) throws -> [Weight] = { _ in [] },
    convert: @escaping @Sendable (inout KerasConversion, KerasNode) throws -> KerasValue
  ) {
    (self.classNames, self.weights, self.convert) = (classNames, weights, convert)
  }
}
