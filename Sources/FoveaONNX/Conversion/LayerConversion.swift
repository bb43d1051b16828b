import FoveaCore
import FoveaModel

/// A graph that becomes a description, node by node, with the tensors that its layers keep.
struct LayerConversion {
  let trace: GraphTrace
  let model: ONNXModel
  let registry: Registry
  private(set) var layers: [LayerDescription] = []
  private(set) var tensors: [String: Tensor] = [:]
  /// What a description calls each value.
  private(set) var sources: [String: String]
  private var taken: Set<String>
  /// How many nodes, and outputs, use a value.
  private var users: [String: Int] = [:]
  /// How many nodes make nothing of a layer's output but a value of another name.
  private var aliases: [String: Int] = [:]
  /// What each layer puts out, without the batch.
  private var made: [String: (shape: Shape, element: ElementType?)] = [:]
  /// Inputs that the graph takes with their channels last, and the model does not.
  let channelsLast: Set<String>
  private let outputs: Set<String>
  private let evaluation: Evaluation
  private let scope: Scope

  /// - Parameter inputs: of the graph, each with what the description calls it.
  init(
    _ model: ONNXModel, _ trace: GraphTrace, registry: Registry, inputs: [(input: ImportedInput, name: String)]
  ) throws {
    (self.model, self.trace, self.registry) = (model, trace, registry)
    sources = Dictionary(inputs.map { ($0.input.name, $0.name) }) { first, _ in first }
    for (input, name) in inputs { made[name] = (input.shape, trace.values[input.name]?.tensor?.type.element) }
    channelsLast = Set(inputs.filter(\.input.isChannelsLast).map(\.input.name))
    taken = Set(inputs.map(\.name))
    outputs = Set(model.outputNames)
    evaluation = Evaluation(model, limits: ONNXLimits())
    scope = Scope([:], within: nil, attributes: [:], versions: model.versions)
    for name in model.outputNames { users[name, default: 0] += 1 }
    for node in trace.nodes { for name in node.inputs { users[name, default: 0] += 1 } }
  }

  func call(_ node: ONNXNode) -> ONNXCall {
    evaluation.call(node, node.inputs.map { trace.values[$0] }, node.attributes, scope)
  }

  /// With the batch in front.
  func dimensions(_ name: String) -> [Int] { trace.values[name]?.tensor?.dimensions ?? [] }

  /// Nil where it follows from the model's inputs.
  func constant(_ name: String) -> ONNXTensor? { trace.varying.contains(name) ? nil : trace.values[name]?.tensor }

  func weights(_ name: String, _ what: String) throws -> ONNXTensor {
    guard let tensor = constant(name) else { throw Problem("its \(what) is computed from the input") }
    return tensor
  }

  func users(of name: String) -> [ONNXNode] { trace.nodes.filter { $0.inputs.contains(name) } }

  func isOutput(_ name: String) -> Bool { outputs.contains(name) }

  func knows(_ kind: String) -> Bool { registry.layers.contains(kind) }

  /// The layer whose only output a value is, where nobody else uses that, under whatever name.
  func soleLayer(_ name: String, of kind: String) -> Int? {
    guard users[name] == 1, let source = sources[name] else { return nil }
    let names = sources.filter { $0.value == source }.keys
    let uses = names.reduce(0) { $0 + users[$1, default: 0] } - aliases[source, default: 0]
    guard uses == 1, outputs.isDisjoint(with: names) else { return nil }
    return layers.firstIndex { $0.name == source && $0.kind == kind }
  }

  /// A value is another one under a new name.
  mutating func alias(_ output: String, _ input: String) throws {
    guard let source = sources[input] else { throw Problem("nothing computes '\(input)'") }
    sources[output] = source
    aliases[source, default: 0] += 1
  }

  /// A value whose axes of one element are repeated, for a node that takes several of one shape.
  ///
  /// - Parameter dimensions: with the batch in front.
  /// - Returns: the name of such a value, which is the same where nothing is to be repeated.
  mutating func broadcast(_ value: String, to dimensions: [Int], for node: ONNXNode) throws -> String {
    let own = self.dimensions(value)
    guard own != dimensions else { return value }
    guard own.count == dimensions.count, own.count > 1, own[0] == dimensions[0] else {
      throw Problem("its inputs have not all as many axes, or examples")
    }
    // No value of a graph holds a zero byte.
    let result = "\(value)\0\(dimensions)"
    guard sources[result] == nil else { return result }
    guard let source = sources[value] else { throw Problem("nothing computes '\(value)'") }
    let configuration: [String: ConfigurationValue] = ["shape": .array(dimensions.dropFirst().map { .integer($0) })]
    let layer = try layer("broadcast", node, [value], [source], configuration, [:])
    let name = unique("\(source)/broadcast")
    layers.append(LayerDescription(name: name, kind: "broadcast", inputs: [source], configuration: configuration))
    sources[result] = name
    made[name] = (layer.outputShapes[0], made[source]?.element)
    return result
  }

  mutating func add(
    _ kind: String, _ node: ONNXNode, _ inputs: [String], _ configuration: [String: ConfigurationValue] = [:],
    tensors: [String: Tensor] = [:]
  ) throws {
    let names = try inputs.map { name throws -> String in
      guard let source = sources[name] else { throw Problem("nothing computes '\(name)'") }
      return source
    }
    let layer = try layer(kind, node, inputs, names, configuration, tensors)
    // An output keeps its name, by which others know it.
    let name = unique(node.outputs.first { isOutput($0) } ?? node.title)
    layers.append(LayerDescription(name: name, kind: kind, inputs: names, configuration: configuration))
    for (parameter, tensor) in tensors { self.tensors["\(name).\(parameter)"] = tensor }
    for (index, output) in node.outputs.enumerated() where !output.isEmpty {
      let source = node.outputs.count > 1 && kind == ONNXNodeOperator.kind ? "\(name):\(index)" : name
      sources[output] = source
      let shape = layer.outputShapes[min(index, layer.outputShapes.count - 1)]
      made[source] = (shape, trace.values[output]?.tensor?.type.element)
    }
  }

  /// A layer as the model will make it, so that what it refuses does not become one.
  private func layer(
    _ kind: String, _ node: ONNXNode, _ inputs: [String], _ sources: [String],
    _ configuration: [String: ConfigurationValue], _ tensors: [String: Tensor]
  ) throws -> any Operator {
    guard knows(kind) else { throw Problem("a layer of kind '\(kind)' is not known here") }
    let comingIn = try zip(inputs, sources).map { name, source throws -> (shape: Shape, element: ElementType) in
      guard let (shape, element) = made[source], let element else {
        throw Problem("its input '\(name)' is nothing that a layer can take")
      }
      return (shape, element)
    }
    do {
      let made = try registry.makeLayer(
        kind, name: node.title, configuration: configuration, inputs: comingIn.map(\.shape))
      _ = try made.elements(of: comingIn.map(\.element))
      for parameter in made.parameters {
        guard let tensor = tensors[parameter.name] else { continue }
        guard tensor.shape == parameter.shape, tensor.element == parameter.element else {
          throw Problem(
            "its \(parameter.name) is \(tensor.element.rawValue) of shape \(tensor.shape), and not "
              + "\(parameter.element.rawValue) of shape \(parameter.shape)")
        }
      }
      return made
    } catch let error as any FoveaError {
      throw Problem(error.description)
    }
  }

  mutating func remove(layer index: Int) { layers.remove(at: index) }

  /// What a product lacked, a later node adds.
  mutating func addBias(_ bias: Tensor, toLayer index: Int) {
    layers[index].configuration["bias"] = nil
    if let name = layers[index].name { tensors["\(name).bias"] = bias }
  }

  func source(of layer: Int) -> [String] { layers[layer].inputs ?? [] }

  /// Of the characters that names in descriptions have.
  private mutating func unique(_ title: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_/.:".utf8.contains(byte)
    }
    let plain = String(decoding: title.utf8.prefix(200).map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    let base = plain.isEmpty ? "node" : plain
    var (name, number) = (base, 2)
    while !taken.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }

  /// A node that is no layer: computed as it is.
  mutating func addNode(_ node: ONNXNode) throws {
    guard ONNXOperators.standard[node.domain, node.type] != nil, node.captured.isEmpty else {
      throw Problem(
        node.captured.isEmpty && !["If", "Loop", "Scan"].contains(node.type)
          ? "its operator is another program's" : "it has graphs of its own, and no layer does what they do")
    }
    guard let attributes = ONNXAttributes(node.attributes) else {
      throw Problem("its attributes cannot be written into a model file")
    }
    var (arguments, inputs, constants): ([String], [String], [ONNXTensor]) = ([], [], [])
    for name in node.inputs {
      if name.isEmpty {
        arguments.append("none")
      } else if node.type == "Resize", constant(name)?.count == 0 {
        // Operator set 11 has no other way to leave one out.
        arguments.append("none")
      } else if let constant = constant(name) {
        arguments.append("constant")
        constants.append(constant)
      } else {
        arguments.append("input")
        inputs.append(name)
      }
    }
    var (shapes, elements): ([[Int]], [ElementType]) = ([], [])
    for (index, output) in node.outputs.enumerated() {
      guard let tensor = trace.values[output]?.tensor, let element = tensor.type.element else {
        throw Problem("its output \(index) is no tensor that a layer can have")
      }
      guard tensor.dimensions.count > 1, tensor.dimensions[0] == 1, !tensor.dimensions.contains(0) else {
        throw Problem("its output \(index), \(tensor.dimensions), has no batch in front")
      }
      shapes.append(Array(tensor.dimensions.dropFirst()))
      elements.append(element)
    }
    var configuration = ONNXNodeOperator.Configuration(operator: node.type, outputs: shapes)
    configuration.domain = node.domain
    configuration.version = (node.versions ?? model.versions)[node.domain] ?? 1
    configuration.attributes = attributes
    configuration.arguments = arguments
    configuration.constants = constants.map(\.dimensions)
    configuration.constantElements = try constants.map { constant in
      guard let element = constant.type.element, !constant.dimensions.contains(0) else {
        throw Problem("a constant of \(constant.type.name)\(constant.dimensions)")
      }
      return element
    }
    configuration.outputElements = elements
    var tensors: [String: Tensor] = [:]
    for (index, constant) in constants.enumerated() {
      tensors["constant\(index)"] =
        try (constant.dimensions.isEmpty ? constant.reshaped([1]) : constant).tensor()
    }
    try add(
      ONNXNodeOperator.kind, node, inputs, try ConfigurationDecoder.encode(configuration), tensors: tensors)
  }
}
