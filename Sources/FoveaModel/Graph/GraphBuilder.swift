import FoveaCore

/// Resolves the names of a description into a graph in which every layer comes after its inputs.
struct GraphBuilder {
  private var nodes: [Model.Node] = []
  private var sources: [String: Model.Source] = [:]
  private let description: ModelDescription

  /// More layers than any network has that a person writes; a hostile file must not keep us busy.
  private static let mostLayers = 10_000
  /// More inputs, or outputs, than anybody connects.
  private static let mostPorts = 1_000
  /// An input or an activation of more elements than this (4 GiB) is a mistake.
  private static let mostElements = 1 << 30
  /// Other tools put the names of all the blocks around a layer into its own.
  static let longestName = 256

  static func graph(_ description: ModelDescription, registry: Registry) throws(ModelError) -> Graph {
    var builder = GraphBuilder(description)
    let inputs = try builder.addInputs()
    try builder.addLayers(registry)
    let outputs = try builder.outputs()
    try builder.checkThatAllIsUsed(inputs, outputs)
    return Graph(nodes: builder.nodes, inputs: inputs, outputs: outputs)
  }

  private init(_ description: ModelDescription) {
    self.description = description
  }

  private func problem(_ text: String) -> ModelError { .invalidDescription(model: description.name, problem: text) }

  /// - Parameter isExample: whether a batch of it is computed, which has an axis more.
  private func checkExtents(_ shape: Shape, of what: String, isExample: Bool = true) throws(ModelError) {
    guard !isExample || shape.rank < Shape.mostAxes else {
      throw problem("\(what) has \(shape.rank) axes; there may be at most \(Shape.mostAxes - 1), and one for the batch")
    }
    guard let checked = try? Shape(checking: shape.dimensions), checked.rank > 0, !checked.dimensions.contains(0),
      checked.count <= Self.mostElements
    else {
      throw problem("\(what) has shape \(shape); every extent must be 1 or more, and the whole at most 2^30 elements")
    }
  }

  private mutating func addInputs() throws(ModelError) -> OneOrMore<Model.Port> {
    let given = description.inputs
    guard let inputs = OneOrMore(given) else { throw problem("it has no inputs; give the shape of one under 'input'") }
    guard given.count <= Self.mostPorts else { throw problem("it has \(given.count) inputs") }
    for (index, input) in given.enumerated() {
      try checkExtents(input.shape, of: given.count == 1 ? "the input" : "the input '\(input.name)'")
      try checkName(input.name, of: "input")
      guard input.open.isEmpty || input.shape.rank == 3 else {
        throw problem(
          "the input '\(input.name)' of shape \(input.shape) is no [channels, height, width], and cannot be open")
      }
      guard sources.updateValue(.input(index), forKey: input.name) == nil else {
        throw problem("two inputs are named '\(input.name)'; names must be unique")
      }
    }
    var index = -1
    return inputs.mapped { input in
      index += 1
      return Model.Port(
        name: input.name, shape: input.shape, element: .float32, open: input.open, source: .input(index))
    }
  }

  private mutating func addLayers(_ registry: Registry) throws(ModelError) {
    guard !description.layers.isEmpty else { throw problem("it has no layers; list at least one under 'layers'") }
    guard description.layers.count <= Self.mostLayers else {
      throw problem("it has \(description.layers.count) layers; the limit is \(Self.mostLayers)")
    }
    let names = try resolveNames()
    var tensors = Set<String>()
    for (layer, name) in zip(description.layers, names) {
      try add(layer, name: name, registry: registry)
      // A point may be part of a layer's name.
      for parameter in nodes[nodes.count - 1].parameters {
        guard tensors.insert("\(name).\(parameter.name)").inserted else {
          throw problem("two weights are named '\(name).\(parameter.name)'; give layer '\(name)' another name")
        }
      }
    }
  }

  private func resolveNames() throws(ModelError) -> [String] {
    let given = description.layers.compactMap(\.name)
    var taken = Set<String>()
    for name in given {
      try checkName(name, of: "layer")
      guard sources[name] == nil else {
        throw problem("a layer cannot be named '\(name)': that is the model's own input")
      }
      guard taken.insert(name).inserted else { throw problem("two layers are named '\(name)'; names must be unique") }
    }
    var numbers: [String: Int] = [:]
    return description.layers.map { layer in
      if let name = layer.name { return name }
      while true {
        numbers[layer.kind, default: 0] += 1
        let name = layer.kind + String(numbers[layer.kind, default: 0])
        if sources[name] == nil, taken.insert(name).inserted { return name }
      }
    }
  }

  /// Names stand in the names of tensors, and of files once ``FileNaming`` has made such of them.
  private func checkName(_ name: String, of what: String) throws(ModelError) {
    func isPlain(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    // The others are those that ONNX, Keras and PyTorch have between the names of blocks.
    guard !name.isEmpty, name.utf8.count <= Self.longestName,
      name.utf8.allSatisfy({ isPlain($0) || "-_/.:".utf8.contains($0) })
    else {
      throw problem(
        "'\(name)' is no valid \(what) name; use letters, digits, '-', '_', '/', '.' and ':', \(Self.longestName) at most"
      )
    }
  }

  private mutating func add(_ layer: LayerDescription, name: String, registry: Registry) throws(ModelError) {
    let takesInputs = (try? registry.layers.entry(layer.kind))?.type.takesInputs ?? true
    var inputs: [Model.Source] = []
    if let names = layer.inputs {
      guard !names.isEmpty || !takesInputs else {
        throw problem("layer '\(name)': 'inputs' is empty; leave it out or name layers")
      }
      for input in names { inputs.append(try source(input, for: "layer '\(name)'")) }
    } else if takesInputs {
      // A constant stands beside the chain, and does not interrupt it.
      let before = nodes.lastIndex { type(of: $0.layer).takesInputs }
      inputs = [before.map { Model.Source(node: $0) } ?? .input()]
    }
    let shapes = inputs.map { source in
      source.isInput ? description.inputs[source.output].shape : nodes[source.node].outputShapes[source.output]
    }
    let made = try registry.makeLayer(layer.kind, name: name, configuration: layer.configuration, inputs: shapes)
    let outputs = made.outputShapes
    guard !outputs.isEmpty else {
      throw .layer(name: name, error: .brokenContract(kind: layer.kind, expected: "at least one output", got: "none"))
    }
    for shape in outputs { try checkExtents(shape, of: "the output of layer '\(name)'") }
    let isLayer = made is any Layer || made is any MultiOutputLayer
    let elements = try elements(of: made, name: name, inputs)
    let parameters = made.parameters
    for parameter in parameters {
      guard parameter.element == .float32 || !isLayer && !parameter.isTrainable else {
        throw .layer(
          name: name,
          error: .brokenContract(
            kind: layer.kind,
            expected: "float32 in '\(parameter.name)', as all that layers compute with and training changes",
            got: parameter.element.rawValue))
      }
      try checkExtents(parameter.shape, of: "parameter '\(parameter.name)' of layer '\(name)'", isExample: false)
    }
    let owner = try layer.weights.map { owner throws(ModelError) in try self.owner(owner, of: parameters, name) }
    try register(name, outputs: outputs.count)
    let origin = (try? registry.layers.entry(layer.kind))?.origin ?? .program
    nodes.append(
      Model.Node(
        name: name, layer: made, origin: origin, inputs: inputs, inputShapes: shapes, outputShapes: outputs,
        outputElements: elements, parameters: owner == nil ? parameters : [], sharedWeights: owner))
  }

  private func elements(
    of made: any Operator, name: String, _ inputs: [Model.Source]
  ) throws(ModelError) -> [ElementType] {
    let given = inputs.map { $0.isInput ? .float32 : nodes[$0.node].outputElements[$0.output] }
    do { return try made.elements(of: given) } catch { throw .layer(name: name, error: error) }
  }

  private mutating func register(_ name: String, outputs: Int) throws(ModelError) {
    sources[name] = Model.Source(node: nodes.count)
    for output in 0..<outputs where outputs > 1 {
      let full = Graph.name(name, output: output)
      guard sources.updateValue(Model.Source(node: nodes.count, output: output), forKey: full) == nil else {
        throw problem("'\(full)' is both a layer and output \(output) of layer '\(name)'; rename one of them")
      }
    }
  }

  /// The node that keeps the weights of another.
  private func owner(_ owner: String, of parameters: [Parameter], _ name: String) throws(ModelError) -> Int {
    let node = try source(owner, for: "the 'weights' of layer '\(name)'")
    guard !node.isInput, nodes[node.node].name == owner else {
      throw problem("layer '\(name)': 'weights' must name a layer, but '\(owner)' is none")
    }
    let index = nodes[node.node].sharedWeights ?? node.node
    let given = nodes[index].parameters
    func text(_ parameters: [Parameter]) -> String {
      parameters.isEmpty ? "none" : parameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    }
    guard !parameters.isEmpty, given.count == parameters.count,
      zip(given, parameters).allSatisfy({
        $0.name == $1.name && $0.shape == $1.shape && $0.element == $1.element && $0.isTrainable == $1.isTrainable
      })
    else {
      throw problem(
        "layer '\(name)' cannot use the weights of '\(owner)', which are \(text(given)); it needs \(text(parameters))")
    }
    return index
  }

  private func source(_ name: String, for user: String) throws(ModelError) -> Model.Source {
    if let source = sources[name] { return source }
    let hint = Spelling.nearest(to: name, among: sources.keys).map { "; did you mean '\($0)'?" } ?? ""
    throw problem("\(user): no layer before it is named '\(name)'\(hint)")
  }

  private func outputs() throws(ModelError) -> OneOrMore<Model.Port> {
    guard description.outputs.count <= Self.mostPorts else {
      throw problem("it has \(description.outputs.count) outputs")
    }
    var ports: [Model.Port] = []
    for output in description.outputs {
      let named = try output.layer.map { name throws(ModelError) in try source(name, for: "'outputs'") }
      let place = named ?? Model.Source(node: nodes.count - 1)
      guard !place.isInput else {
        throw problem("an output must be a layer's, but '\(output.layer ?? "")' is an input")
      }
      guard output.layer != nil || nodes[place.node].outputShapes.count == 1 else {
        throw problem("the last layer has several outputs; say under 'outputs' which are the model's")
      }
      let name = output.layer ?? nodes[place.node].name
      guard !ports.contains(where: { $0.name == name || $0.source == place }) else {
        throw problem("'outputs' names '\(name)' twice")
      }
      let node = nodes[place.node]
      ports.append(
        Model.Port(
          name: name, shape: node.outputShapes[place.output], element: node.outputElements[place.output], open: [],
          source: place))
    }
    guard let outputs = OneOrMore(ports) else { throw problem("'outputs' is empty; leave it out or name layers") }
    return outputs
  }

  private func checkThatAllIsUsed(
    _ inputs: OneOrMore<Model.Port>, _ outputs: OneOrMore<Model.Port>
  ) throws(ModelError) {
    let sources = Set(nodes.flatMap(\.inputs) + outputs.map(\.source))
    let used = Set(sources.lazy.map(\.node))
    if let index = nodes.indices.first(where: { !used.contains($0) }) {
      throw problem(
        "nothing uses the output of layer '\(nodes[index].name)'; name it under 'inputs' of a later layer, or remove it"
      )
    }
    if let unused = inputs.first(where: { !sources.contains($0.source) }) {
      throw problem("nothing uses the input '\(unused.name)'; name it under 'inputs' of a layer, or remove it")
    }
  }
}
