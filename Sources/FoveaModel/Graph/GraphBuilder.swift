import FoveaCore

/// Resolves the names of a description into a graph in which every layer comes after its inputs.
struct GraphBuilder {
  private(set) var nodes: [Model.Node] = []
  private var indices: [String: Int] = ["input": Model.inputIndex]
  private let description: ModelDescription

  /// More layers than any network has that a person writes; a hostile file must not keep us busy.
  private static let mostLayers = 10_000
  /// An input or an activation of more elements than this (4 GiB) is a mistake.
  private static let mostElements = 1 << 30

  init(_ description: ModelDescription, registry: Registry) throws(ModelError) {
    self.description = description
    try checkExtents(description.input, of: "the input")
    guard !description.layers.isEmpty else { throw problem("it has no layers; list at least one under 'layers'") }
    guard description.layers.count <= Self.mostLayers else {
      throw problem("it has \(description.layers.count) layers; the limit is \(Self.mostLayers)")
    }
    let names = try resolveNames()
    for (layer, name) in zip(description.layers, names) {
      try add(layer, name: name, registry: registry)
    }
    try checkThatAllIsUsed()
  }

  private func problem(_ text: String) -> ModelError { .invalidDescription(model: description.name, problem: text) }

  private func checkExtents(_ shape: Shape, of what: String) throws(ModelError) {
    guard let checked = try? Shape(checking: shape.dimensions), checked.rank > 0, !checked.dimensions.contains(0),
      checked.count <= Self.mostElements
    else {
      throw problem("\(what) has shape \(shape); every extent must be 1 or more, and the whole at most 2^30 elements")
    }
  }

  private func resolveNames() throws(ModelError) -> [String] {
    let given = description.layers.compactMap(\.name)
    var taken = Set<String>()
    for name in given {
      guard Self.isValid(name) else {
        throw problem("'\(name)' is no valid layer name; use letters, digits, '-' and '_', 64 at most")
      }
      guard name != "input" else { throw problem("a layer cannot be named 'input': that is the model's own input") }
      guard taken.insert(name).inserted else { throw problem("two layers are named '\(name)'; names must be unique") }
    }
    var numbers: [String: Int] = [:]
    return description.layers.map { layer in
      if let name = layer.name { return name }
      while true {
        numbers[layer.kind, default: 0] += 1
        let name = layer.kind + String(numbers[layer.kind, default: 0])
        if taken.insert(name).inserted { return name }
      }
    }
  }

  /// Names stand in file names and in tensor names, so that they must be plain words.
  private static func isValid(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
      }
  }

  private mutating func add(_ layer: LayerDescription, name: String, registry: Registry) throws(ModelError) {
    var inputs: [Int] = []
    if let names = layer.inputs {
      guard !names.isEmpty else { throw problem("layer '\(name)': 'inputs' is empty; leave it out or name layers") }
      for input in names {
        guard let index = indices[input] else {
          let hint = Spelling.nearest(to: input, among: indices.keys).map { "; did you mean '\($0)'?" } ?? ""
          throw problem("layer '\(name)': no layer before it is named '\(input)'\(hint)")
        }
        inputs.append(index)
      }
    } else {
      inputs = [nodes.count - 1]
    }
    let shapes = inputs.map { $0 == Model.inputIndex ? description.input : nodes[$0].layer.outputShape }
    let made = try registry.makeLayer(layer.kind, name: name, configuration: layer.configuration, inputs: shapes)
    try checkExtents(made.outputShape, of: "the output of layer '\(name)'")
    let parameters = made.parameters
    for parameter in parameters {
      try checkExtents(parameter.shape, of: "parameter '\(parameter.name)' of layer '\(name)'")
    }
    indices[name] = nodes.count
    let origin = (try? registry.layers.entry(layer.kind))?.origin ?? .program
    nodes.append(
      Model.Node(
        name: name, layer: made, origin: origin, inputs: inputs, inputShapes: shapes, parameters: parameters))
  }

  private func checkThatAllIsUsed() throws(ModelError) {
    let used = Set(nodes.flatMap(\.inputs))
    if let index = nodes.indices.dropLast().first(where: { !used.contains($0) }) {
      throw problem(
        "nothing uses the output of layer '\(nodes[index].name)'; name it under 'inputs' of a later layer, or remove it"
      )
    }
  }
}
