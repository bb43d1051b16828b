/// An attribute of a node, as an operator wants it.
enum ONNXAttribute: Sendable {
  case float(Float)
  case integer(Int64)
  case text(String)
  case tensor(ONNXTensor)
  case graph(ONNXGraph)
  case floats([Float])
  case integers([Int64])
  case texts([String])
  case type(TypeMessage)
  /// In a function's body: what the function's call has under this name.
  case reference(String)
}

/// A node of a graph, its attributes read.
struct ONNXNode: Sendable {
  let name: String
  let type: String
  let domain: String
  let overload: String
  let inputs: [String]
  let outputs: [String]
  let attributes: [String: ONNXAttribute]
  /// The names around the node that its graphs use.
  let captured: Set<String>
  /// Of the operator sets, where they are not those around it.
  let versions: [String: Int]?

  var title: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? type : name }

  /// All names that must be computed before.
  var needs: Set<String> { captured.union(inputs.filter { !$0.isEmpty }) }

  /// A node that stands alone.
  init(type: String, domain: String, inputs: [String], outputs: [String], attributes: [String: ONNXAttribute]) {
    (self.type, self.domain, self.inputs, self.outputs) = (type, domain, inputs, outputs)
    (self.attributes, name, overload, captured, versions) = (attributes, "", "", [], nil)
  }

  init(_ message: NodeMessage, file: String, external: ExternalData?) throws(ONNXError) {
    (type, domain, overload) = (message.type, message.domain, message.overload)
    (inputs, outputs) = (message.inputs, message.outputs)
    (name, versions) = (message.name, message.versions)
    var attributes: [String: ONNXAttribute] = [:]
    var captured: Set<String> = []
    for attribute in message.attributes {
      let value = try Self.value(attribute, of: message, file: file, external: external)
      if case .graph(let graph) = value { captured.formUnion(graph.captured) }
      attributes[attribute.name] = value
    }
    (self.attributes, self.captured) = (attributes, captured)
  }

  static func value(
    _ message: AttributeMessage, of node: NodeMessage, file: String, external: ExternalData?
  ) throws(ONNXError) -> ONNXAttribute? {
    guard message.reference.isEmpty else { return .reference(message.reference) }
    switch message.value {
    case .none: return nil
    case .float(let value): return .float(value)
    case .integer(let value): return .integer(value)
    case .bytes(let bytes): return .text(bytes.text)
    case .tensor(let tensor): return .tensor(try ONNXTensor(tensor, external: external))
    case .sparse(let sparse): return .tensor(try ONNXTensor(sparse, external: external))
    case .graph(let graph): return .graph(try ONNXGraph(graph, file: file, isOutermost: false, external: external))
    case .floats(let values): return .floats(values)
    case .integers(let values): return .integers(values)
    case .strings(let values): return .texts(values.map(\.text))
    case .type(let type): return .type(type)
    case .unsupported:
      throw .node(
        file: file, node: node.title, operator: node.type,
        problem: "attribute '\(message.name)' is of a kind that is not supported")
    }
  }
}

extension ONNXTensor {
  /// All elements of a sparse tensor, whose indices are places or one coordinate for each axis.
  init(_ sparse: SparseTensorMessage, external: ExternalData?) throws(ONNXError) {
    guard let message = sparse.values, let places = sparse.indices else {
      throw .malformed(file: "", message: "SparseTensorProto", place: 0, problem: "it has no values or no indices")
    }
    let values = try ONNXTensor(message, external: external)
    let indices = try ONNXTensor(places, external: external)
    let dimensions = sparse.dimensions.map { Int($0) }
    guard let count = Strides.count(dimensions), count <= 1 << 28 else {
      throw message.failure("a sparse tensor of dimensions \(sparse.dimensions)")
    }
    let strides = Strides.plain(dimensions)
    let wholes = indices.wholes
    let width = indices.rank == 2 ? indices.dimensions[1] : 1
    guard width == 1 || width == dimensions.count, wholes.count == values.count * width else {
      throw message.failure("indices of \(indices.dimensions) for a sparse tensor of \(dimensions)")
    }
    var targets: [Int] = []
    for row in 0..<values.count {
      var place = 0
      for column in 0..<width {
        let coordinate = wholes[row * width + column]
        guard coordinate >= 0, coordinate < (width == 1 ? count : dimensions[column]) else {
          throw message.failure("an index of \(coordinate) in a sparse tensor of \(dimensions)")
        }
        place += Int(coordinate) * (width == 1 ? 1 : strides[column])
      }
      targets.append(place)
    }
    self = ONNXTensor.make(values.type, repeating: 0, dimensions).replacing(targets, with: values)
  }
}
