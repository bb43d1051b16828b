public import FoveaCore

/// Lets a network be written down in Swift as a list of its layers.
@resultBuilder
public enum LayerListBuilder {
  public static func buildExpression(_ layer: LayerDescription) -> [LayerDescription] { [layer] }
  public static func buildExpression(_ layers: [LayerDescription]) -> [LayerDescription] { layers }
  public static func buildBlock(_ parts: [LayerDescription]...) -> [LayerDescription] { joined(parts) }
  public static func buildOptional(_ layers: [LayerDescription]?) -> [LayerDescription] { layers ?? [] }
  public static func buildEither(first layers: [LayerDescription]) -> [LayerDescription] { layers }
  public static func buildEither(second layers: [LayerDescription]) -> [LayerDescription] { layers }
  public static func buildArray(_ parts: [[LayerDescription]]) -> [LayerDescription] { joined(parts) }
  public static func buildLimitedAvailability(_ layers: [LayerDescription]) -> [LayerDescription] { layers }
}

extension ModelDescription {
  /// Writes a network down in Swift:
  /// ```swift
  /// let network = ModelDescription("lines", input: [1, 28, 28]) {
  ///   Convolution.layer("c1", filters: 6, kernel: 5)
  ///   Relu.layer()
  /// }
  /// ```
  public init(
    _ name: String, input: Shape, loss: KindDescription? = nil, preprocessing: [KindDescription] = [],
    postprocessing: [KindDescription] = [], labels: [String]? = nil,
    @LayerListBuilder layers: () -> [LayerDescription]
  ) {
    self.init(
      name: name, input: input, layers: layers(), loss: loss, preprocessing: preprocessing,
      postprocessing: postprocessing, labels: labels)
  }

  /// The same with several outputs.
  public init(
    _ name: String, input: Shape, outputs: [OutputDescription], preprocessing: [KindDescription] = [],
    @LayerListBuilder layers: () -> [LayerDescription]
  ) {
    self.init(
      name: name, inputs: [InputDescription(shape: input)], layers: layers(), outputs: outputs,
      preprocessing: preprocessing)
  }

  /// The same with any inputs and outputs.
  public init(
    _ name: String, inputs: [InputDescription], outputs: [OutputDescription] = [OutputDescription()],
    preprocessing: [KindDescription] = [], @LayerListBuilder layers: () -> [LayerDescription]
  ) {
    self.init(name: name, inputs: inputs, layers: layers(), outputs: outputs, preprocessing: preprocessing)
  }
}

extension Operator where Configuration: Configurable {
  /// This kind of layer in a description, with the settings that `configure` changes.
  ///
  /// - Parameters:
  ///   - name: unique in the model; without one, the model numbers the layers of a kind.
  ///   - inputs: the names of the layers whose outputs come in; without them, the layer before.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(), configure)
  }
}

extension Operator {
  /// This kind of layer in a description, with settings that `configure` may change further.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, _ configuration: Configuration,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    var configuration = configuration
    configure(&configuration)
    return LayerDescription(name: name, kind: kind, inputs: inputs, configuration: written(configuration))
  }
}

extension KindDescription {
  /// A kind with its settings, as far as they differ from their defaults.
  public init<K: ConfigurableKind>(_ kind: K) { self.init(kind: K.kind, configuration: written(kind)) }

  /// A kind with all of its settings.
  package init<K: ConfigurableKind>(complete kind: K) { self.init(kind: K.kind, configuration: allSettings(kind)) }
}
