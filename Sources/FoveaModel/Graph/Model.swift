public import FoveaCore

/// A network that can run: layers in the order in which they are computed, and their weights.
///
/// It is a value: a copy may be trained on without touching the original. It may be used by several threads at once.
public struct Model: Sendable {
  /// One layer in its place.
  public struct Node: Sendable {
    public let name: String
    public let layer: any Layer
    /// Who has written the layer.
    public let origin: Origin
    /// Where each input comes from: the index of a node before this one, or ``Model/inputIndex``.
    public let inputs: [Int]
    /// What the layer's inputs look like, without the batch.
    public let inputShapes: [Shape]
    /// The layer's parameters, computed once.
    public let parameters: [Parameter]

    func failure(_ error: LayerError) -> ModelError { .layer(name: name, origin: origin, error: error) }
  }

  /// The index that stands for the model's own input.
  public static let inputIndex = -1

  public let name: String
  /// One example: `[channels, height, width]`.
  public let inputShape: Shape
  public let nodes: [Node]
  /// The weights of each node, in the order of its layer's ``Layer/parameters``, in plain layout.
  public internal(set) var parameters: [[Tensor]]
  /// No weight is larger; infinity where nobody has looked since they were changed.
  package var largestWeight = Float.infinity
  /// What convolutions and dense layers multiply; ``inPrecision(_:)`` changes it. It is the choice of whoever runs the
  /// model, and no model file holds it.
  public let precision: Precision
  let plan: ExecutionPlan

  /// One example's output, without the batch.
  public var outputShape: Shape { nodes.last?.layer.outputShape ?? inputShape }

  /// Builds the graph and draws its first weights.
  ///
  /// - Parameter seed: the same seed gives the same weights, bit for bit; each layer draws from its own stream, so that
  ///   a layer that is put in does not change those of the others before it.
  /// - Throws: ``ModelError`` that names the layer.
  public init(_ description: ModelDescription, registry: Registry, seed: UInt64) throws(ModelError) {
    try self.init(graph: description, registry: registry)
    var seeds = SeededRandom(seed: seed)
    parameters = nodes.map { node in
      var random = SeededRandom(seed: seeds.next())
      return node.parameters.map { $0.makeTensor(using: &random) }
    }
  }

  /// Builds the graph with weights at hand, for each layer by its parameters' names.
  ///
  /// - Throws: ``ModelError/parameters(model:problems:)`` with every missing, extra or misshapen tensor at once.
  public init(
    _ description: ModelDescription, registry: Registry, tensors: [String: Tensor]
  ) throws(ModelError) {
    try self.init(graph: description, registry: registry)
    var problems: [String] = []
    var unused = Set(tensors.keys)
    parameters = nodes.map { node in
      node.parameters.map { parameter in
        let name = "\(node.name).\(parameter.name)"
        unused.remove(name)
        guard let tensor = tensors[name] else {
          problems.append("'\(name)' of shape \(parameter.shape) is missing")
          return Tensor(zeros: [0])
        }
        if tensor.shape != parameter.shape {
          problems.append("'\(name)' must have shape \(parameter.shape), but has \(tensor.shape)")
        }
        return tensor.plain()
      }
    }
    problems += unused.sorted().map { "'\($0)' belongs to no layer" }
    guard problems.isEmpty else { throw .parameters(model: name, problems: problems) }
  }

  private init(graph description: ModelDescription, registry: Registry) throws(ModelError) {
    let builder = try GraphBuilder(description, registry: registry)
    name = description.name
    inputShape = description.input
    nodes = builder.nodes
    parameters = []
    precision = .float32
    plan = try ExecutionPlan(nodes, fusing: true, precision: .float32)
  }

  private init(_ model: Model, precision: Precision) throws(ModelError) {
    name = model.name
    inputShape = model.inputShape
    nodes = model.nodes
    parameters = model.parameters
    self.precision = precision
    plan = try ExecutionPlan(nodes, fusing: true, precision: precision)
  }

  /// The same network with the same weights, whose convolutions and dense layers multiply numbers of that precision, in
  /// training too. Weights stay float32, and so do second derivatives.
  ///
  /// - Throws: ``ModelError/precision(_:requires:)`` where the processor has no instructions for it.
  public func inPrecision(_ precision: Precision) throws(ModelError) -> Model {
    guard precision.isAvailable else { throw .precision(precision, requires: precision.requirement ?? "another") }
    return precision == self.precision ? self : try Model(self, precision: precision)
  }

  /// Where the trainable weights are, in the order in which an optimizer sees them.
  public var trainableParameters: [ParameterPlace] { plan.trainableParameters }

  /// The weights by name, `c3.kernel`, in the order of the layers.
  public var namedParameters: [(name: String, parameter: Parameter, tensor: Tensor)] {
    zip(nodes, parameters).flatMap { node, tensors in
      zip(node.parameters, tensors).map { ("\(node.name).\($0.name)", $0, $1) }
    }
  }

  /// The batch's size, after a check that `input` is `[batch, …inputShape]`.
  func checkInput(_ input: Tensor) throws(ModelError) {
    guard input.shape.isBatch(of: inputShape) else {
      throw .input(expected: inputShape, got: input.shape)
    }
  }
}
