public import FoveaCore

/// A network and what belongs to it, as a person writes it down: in YAML, in Swift, or in a model file.
///
/// It names kinds and settings; a ``Registry`` says what they mean when a ``Model`` is made of it.
public struct ModelDescription: Sendable, Equatable {
  /// The architecture's name, for example `lenet`.
  public var name: String
  /// What one example looks like: `[channels, height, width]`.
  public var input: Shape
  public var layers: [LayerDescription]
  /// What training makes small; nil where the model is not meant to be trained.
  public var loss: KindDescription?
  /// From the decoded picture to the network's input, in order.
  public var preprocessing: [KindDescription]
  /// From the network's outputs to the decision, in order.
  public var postprocessing: [KindDescription]
  /// The classes' names, in the order of the outputs; nil until training has seen the data.
  public var labels: [String]?

  public init(
    name: String, input: Shape, layers: [LayerDescription], loss: KindDescription? = nil,
    preprocessing: [KindDescription] = [], postprocessing: [KindDescription] = [], labels: [String]? = nil
  ) {
    self.name = name
    self.input = input
    self.layers = layers
    self.loss = loss
    self.preprocessing = preprocessing
    self.postprocessing = postprocessing
    self.labels = labels
  }
}

/// One layer of a description.
public struct LayerDescription: Sendable, Equatable {
  /// Unique in the model; where nil, the model numbers the layers of a kind: `relu1`, `relu2`.
  public var name: String?
  public var kind: String
  /// The names of the layers whose outputs come in, or `input` for the model's own; where nil, the layer before.
  public var inputs: [String]?
  public var configuration: [String: ConfigurationValue]

  public init(
    name: String? = nil, kind: String, inputs: [String]? = nil, configuration: [String: ConfigurationValue] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.inputs = inputs
    self.configuration = configuration
  }
}
