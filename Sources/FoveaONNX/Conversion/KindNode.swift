import FoveaCore
import FoveaModel

/// A node that a layer or an operator of a registry computes, such as a plugin brings: attributes are its settings, the last
/// inputs its parameters.
struct KindNode {
  let made: any Operator
  let configuration: [String: ConfigurationValue]
  /// How many of the node's inputs come in; the others are parameters.
  let inputCount: Int

  /// - Parameter inputs: the dimensions of each of the node's inputs, those of examples with the batch in front.
  init(
    _ kind: String, _ attributes: [String: ONNXAttribute], inputs: [[Int]], registry: Registry
  ) throws {
    guard let written = ONNXAttributes(attributes) else { throw Problem("its attributes are no settings") }
    configuration = try Self.settings(written.written, of: kind, registry)
    var failure: any Error = Problem("it has no inputs")
    for count in stride(from: inputs.count, to: 0, by: -1) {
      do {
        let shapes = try inputs[..<count].map { dimensions -> Shape in
          guard dimensions.count > 1 else { throw Problem("its input of \(dimensions) has no batch in front") }
          return try Shape(checking: Array(dimensions.dropFirst()))
        }
        let made = try registry.makeLayer(kind, name: kind, configuration: configuration, inputs: shapes)
        guard made.parameters.map(\.shape.dimensions) == Array(inputs[count...]) else {
          throw Problem(
            "its parameters must be \(made.parameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", "))")
        }
        (self.made, inputCount) = (made, count)
        return
      } catch {
        // What is wrong with the most inputs says the least: a parameter counts as one there.
        failure = error
      }
    }
    if let problem = failure as? Problem { throw problem }
    throw Problem("\(failure)")
  }

  /// Sees to it that tensors of these elements are what the layer and its parameters take, as a model does.
  ///
  /// - Parameter elements: of each of the node's inputs.
  func check(_ elements: [ElementType]) throws {
    _ = try made.elements(of: Array(elements[..<inputCount]))
    for (parameter, element) in zip(made.parameters, elements[inputCount...]) where parameter.element != element {
      throw Problem(
        "its parameter '\(parameter.name)' must be \(parameter.element.rawValue), but is \(element.rawValue)")
    }
  }

  /// ONNX has no attributes that are true or false: 1 and 0 are, where a setting is.
  private static func settings(
    _ attributes: [String: ConfigurationValue], of kind: String, _ registry: Registry
  ) throws -> [String: ConfigurationValue] {
    func prototype<S: Settings>(_ type: S.Type) throws -> [String: ConfigurationValue] {
      try ConfigurationDecoder.encode(S.prototype)
    }
    let type = try registry.layers.entry(kind).type.settingsType
    let usual = try prototype(type)
    var settings = attributes
    for (key, value) in attributes {
      guard case .bool? = usual[key], case .integer(let number) = value, number == 0 || number == 1 else { continue }
      settings[key] = .bool(number == 1)
    }
    return settings
  }
}

extension ONNXOperator {
  /// Computes nodes by a kind of a registry.
  init(kind: String, of registry: Registry) {
    self.init(kind, domain: "") { call in
      let inputs = try call.tensors()
      let node = try KindNode(kind, call.attributes, inputs: inputs.map(\.dimensions), registry: registry)
      let batch = inputs[0].dimensions[0]
      guard batch > 0, inputs[..<node.inputCount].allSatisfy({ $0.dimensions[0] == batch }) else {
        throw Problem("its inputs have no example, or not all as many: \(inputs.map(\.dimensions))")
      }
      let tensors = try inputs.map { try $0.tensor() }
      try node.check(tensors.map(\.element))
      let results = try node.made.compute(
        Array(tensors[..<node.inputCount]), Array(tensors[node.inputCount...]), batch: batch)
      return results.map { .tensor(ONNXTensor($0)) }
    }
  }
}

extension LayerConversion {
  /// A node of somebody's own domain, as the kind of that name.
  mutating func addKind(_ node: ONNXNode) throws {
    let kind = ONNXOperators.kind(of: node.type)
    guard knows(kind) else { throw Problem("there is no such layer") }
    let made = try KindNode(kind, node.attributes, inputs: node.inputs.map { dimensions($0) }, registry: registry)
    var tensors: [String: Tensor] = [:]
    for (parameter, input) in zip(made.made.parameters, node.inputs[made.inputCount...]) {
      tensors[parameter.name] = try weights(input, parameter.name).tensor()
    }
    try add(kind, node, Array(node.inputs[..<made.inputCount]), made.configuration, tensors: tensors)
  }
}
