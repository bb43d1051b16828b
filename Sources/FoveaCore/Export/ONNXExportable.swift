/// An operator that can say how ONNX computes it. The built-in layers do; a plugin's may.
public protocol ONNXExportable: Operator {
  /// Adds the nodes that compute the operator in use, for any batch.
  ///
  /// - Returns: the names of its outputs.
  /// - Throws: ``LayerError`` where its settings cannot be said in ONNX.
  func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String]
}

/// Where an operator stands in a graph that is exported.
public struct ExportSite: Sendable {
  /// The names of what comes in, each with the batch in front.
  public let inputs: [String]
  /// What one example of each looks like.
  public let inputShapes: [Shape]
  /// In the order of the operator's parameters.
  public let parameters: [ExportedParameter]
  /// Whether height and width of what comes in may be others than those of `inputShapes`.
  public let isOpen: Bool
  /// A value that has the batch in front: what takes no inputs learns from it how many examples there are.
  public let batched: String

  public init(
    inputs: [String], inputShapes: [Shape], parameters: [ExportedParameter], isOpen: Bool, batched: String
  ) {
    self.inputs = inputs
    self.inputShapes = inputShapes
    self.parameters = parameters
    self.isOpen = isOpen
    self.batched = batched
  }

  /// The first input.
  public var input: String { inputs.first ?? batched }
  public var inputShape: Shape { inputShapes.first ?? [1] }
}

/// The weights of a layer under the name that they have in a file: `c3.kernel`.
public struct ExportedParameter: Sendable {
  public let name: String
  public let tensor: Tensor
  /// The same in bytes, where the layer multiplies such.
  public let bytes: QuantizedRows?

  public init(name: String, tensor: Tensor, bytes: QuantizedRows? = nil) {
    self.name = name
    self.tensor = tensor
    self.bytes = bytes
  }
}
