public import FoveaCore

extension Model {
  /// One layer in its place.
  public struct Node: Sendable {
    public let name: String
    /// A ``Layer``, a ``MultiOutputLayer``, or another ``Operator``, which cannot be trained.
    public let layer: any Operator
    /// Who has written the layer.
    public let origin: Origin
    /// Where each input comes from.
    public let inputs: [Source]
    /// What the layer's inputs look like, without the batch.
    public let inputShapes: [Shape]
    /// What its outputs look like, without the batch.
    public let outputShapes: [Shape]
    /// What the elements of its outputs are.
    public let outputElements: [ElementType]
    /// The parameters that the model keeps for it, computed once; none where another node's are used.
    public let parameters: [Parameter]
    /// The index of the node whose weights are used; nil where they are the layer's own.
    public let sharedWeights: Int?

    /// What the first output looks like, without the batch.
    public var outputShape: Shape { outputShapes[0] }

    var kind: String { type(of: layer).kind }

    func failure(_ error: LayerError) -> ModelError { .layer(name: name, origin: origin, error: error) }
  }

  /// A tensor of the graph: an output of a node, or an input of the model.
  public struct Source: Sendable, Hashable {
    /// The node's index, or ``Model/inputIndex``.
    public let node: Int
    /// Which of the node's outputs, or of the model's inputs.
    public let output: Int

    public init(node: Int, output: Int = 0) {
      self.node = node
      self.output = output
    }

    public static func input(_ index: Int = 0) -> Source { Source(node: Model.inputIndex, output: index) }

    public var isInput: Bool { node == Model.inputIndex }
  }

  /// An input or an output of the model.
  public struct Port: Sendable, Equatable {
    public let name: String
    /// Of one example, without the batch.
    public let shape: Shape
    /// What its elements are; of an input, float32.
    public let element: ElementType
    /// The extents that an input may have otherwise.
    public let open: Set<OpenExtent>
    /// Where the tensor comes from.
    public let source: Source
  }

  /// The node that stands for the model's own inputs.
  public static let inputIndex = -1
}

/// Nodes in the order in which they are computed, and what goes in and comes out.
struct Graph: Sendable {
  let nodes: [Model.Node]
  let inputs: OneOrMore<Model.Port>
  let outputs: OneOrMore<Model.Port>

  /// The node that keeps the weights of node `index`.
  func owner(of index: Int) -> Int { nodes[index].sharedWeights ?? index }

  /// What node `index` computes with, whoever keeps it.
  func parameters(of index: Int) -> [Parameter] { nodes[owner(of: index)].parameters }

  /// What a source is called in a description: `c3`, `split:1`, `input`.
  func name(of source: Model.Source) -> String {
    guard !source.isInput else { return inputs[source.output].name }
    let node = nodes[source.node]
    return node.outputShapes.count == 1 ? node.name : Self.name(node.name, output: source.output)
  }

  /// The name of one of several outputs.
  static func name(_ node: String, output: Int) -> String { "\(node):\(output)" }
}
