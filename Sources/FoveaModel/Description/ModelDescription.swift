public import FoveaCore

/// A network and what belongs to it, as a person writes it down: in YAML, in Swift, or in a model file.
///
/// It names kinds and settings; a ``Registry`` says what they mean when a ``Model`` is made of it.
public struct ModelDescription: Sendable, Equatable {
  /// The architecture's name, for example `lenet`.
  public var name: String
  /// What goes in; one, unless the network has several.
  public var inputs: [InputDescription]
  public var layers: [LayerDescription]
  /// What comes out; one, unless the network has several.
  public var outputs: [OutputDescription]
  /// From the decoded picture to the network's input, in order.
  public var preprocessing: [KindDescription]

  /// A network with one input and one output, that of its last layer.
  public init(
    name: String, input: Shape, layers: [LayerDescription], loss: KindDescription? = nil,
    preprocessing: [KindDescription] = [], postprocessing: [KindDescription] = [], labels: [String]? = nil
  ) {
    self.init(
      name: name, inputs: [InputDescription(shape: input)], layers: layers,
      outputs: [OutputDescription(loss: loss, postprocessing: postprocessing, labels: labels)],
      preprocessing: preprocessing)
  }

  /// A network with any inputs and outputs.
  public init(
    name: String, inputs: [InputDescription], layers: [LayerDescription],
    outputs: [OutputDescription] = [OutputDescription()], preprocessing: [KindDescription] = []
  ) {
    self.name = name
    self.inputs = inputs
    self.layers = layers
    self.outputs = outputs
    self.preprocessing = preprocessing
  }
}

// What most networks have one of.
extension ModelDescription {
  /// What one example of the first input looks like: `[channels, height, width]`.
  public var input: Shape {
    get { inputs.first?.shape ?? [] }
    set {
      inputs =
        [InputDescription(name: inputs.first?.name, shape: newValue, open: inputs.first?.open ?? [])]
        + inputs.dropFirst()
    }
  }

  /// The first output; that of the last layer where none is named.
  public var output: OutputDescription {
    get { outputs.first ?? OutputDescription() }
    set { outputs = [newValue] + outputs.dropFirst() }
  }

  /// What training makes small; nil where the model is not meant to be trained.
  public var loss: KindDescription? {
    get { output.loss }
    set { output.loss = newValue }
  }

  /// From the network's first output to the decision, in order.
  public var postprocessing: [KindDescription] {
    get { output.postprocessing }
    set { output.postprocessing = newValue }
  }

  /// The classes' names, in the order of the first output's numbers; nil until training has seen the data.
  public var labels: [String]? {
    get { output.labels }
    set { output.labels = newValue }
  }
}

/// What goes into a network.
public struct InputDescription: Sendable, Equatable {
  /// Unique in the model; layers name it under their inputs.
  public var name: String
  /// What one example looks like: `[channels, height, width]`.
  public var shape: Shape
  /// The extents that an example may have otherwise when the network is used; weights are made for ``shape``.
  public var open: Set<OpenExtent>

  /// The name of an input where there is but one.
  static let usualName = "input"

  public init(name: String? = nil, shape: Shape, open: Set<OpenExtent> = []) {
    self.name = name ?? Self.usualName
    self.shape = shape
    self.open = open
  }
}

/// What comes out of a network, what it is trained to be, and what becomes of it.
public struct OutputDescription: Sendable, Equatable {
  /// The layer whose output it is, which is its name too; of a layer with several outputs `split:1`. Where nil, the last.
  public var layer: String?
  /// What training makes small; nil where nothing is learned from this output.
  public var loss: KindDescription?
  /// By what its loss is multiplied before those of all outputs are added.
  public var weight: Double
  /// From the numbers to the decision, in order.
  public var postprocessing: [KindDescription]
  /// The classes' names, in the order of the numbers; nil until training has seen the data.
  public var labels: [String]?

  public init(
    _ layer: String? = nil, loss: KindDescription? = nil, weight: Double = 1, postprocessing: [KindDescription] = [],
    labels: [String]? = nil
  ) {
    self.layer = layer
    self.loss = loss
    self.weight = weight
    self.postprocessing = postprocessing
    self.labels = labels
  }
}

/// One layer of a description.
public struct LayerDescription: Sendable, Equatable {
  /// Unique in the model; where nil, the model numbers the layers of a kind: `relu1`, `relu2`.
  public var name: String?
  public var kind: String
  /// The names of the layers whose outputs come in, or of the model's inputs, such as `input`; of a layer with several
  /// outputs `split:1`. Where nil, the layer before.
  public var inputs: [String]?
  /// The name of the layer whose weights it uses; where nil, it has its own.
  public var weights: String?
  public var configuration: [String: ConfigurationValue]

  public init(
    name: String? = nil, kind: String, inputs: [String]? = nil, weights: String? = nil,
    configuration: [String: ConfigurationValue] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.inputs = inputs
    self.weights = weights
    self.configuration = configuration
  }

  /// The same layer with the weights of another, to which training adds the gradients of both.
  public func sharingWeights(of layer: String) -> LayerDescription {
    var copy = self
    copy.weights = layer
    return copy
  }
}
