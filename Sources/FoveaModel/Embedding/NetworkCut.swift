import FoveaCore

/// What of a network leads to one of its tensors: layers with all names written out, and their weights.
struct NetworkCut {
  /// Without outputs.
  let description: ModelDescription
  let tensors: [String: Tensor]
  /// Of the tensor.
  let name: String

  init(_ original: ModelDescription, _ model: Model, at source: Model.Source) {
    var kept: Set<Int> = []
    var inputs: Set<Int> = []
    var waiting = [source]
    while let next = waiting.popLast() {
      if next.isInput {
        inputs.insert(next.output)
      } else if kept.insert(next.node).inserted {
        waiting += model.nodes[next.node].inputs
      }
    }
    // A network without any input, such as of constants, takes one nevertheless.
    if inputs.isEmpty { inputs = [0] }
    var description = original
    description.inputs = original.inputs.indices.filter(inputs.contains).map { original.inputs[$0] }
    description.layers = []
    description.outputs = []
    var tensors: [String: Tensor] = [:]
    for index in kept.sorted() {
      let node = model.nodes[index]
      var layer = original.layers[index]
      layer.name = node.name
      layer.inputs = node.inputs.map(model.name)
      let owner = model.graph.owner(of: index)
      // Where the weights' owner is left out, each gets its own.
      let sharesWeights = owner != index && kept.contains(owner)
      layer.weights = sharesWeights ? model.nodes[owner].name : nil
      if !sharesWeights {
        for (parameter, tensor) in zip(model.graph.parameters(of: index), model.parameters[owner]) {
          tensors["\(node.name).\(parameter.name)"] = tensor
        }
      }
      description.layers.append(layer)
    }
    (self.description, self.tensors, name) = (description, tensors, model.name(of: source))
  }

  /// One that no layer and no input has.
  func freeName(_ wish: String) -> String {
    let taken = Set(description.layers.compactMap(\.name) + description.inputs.map(\.name))
    return ([wish] + (2...max(taken.count + 2, 2)).map { "\(wish)\($0)" }).first { !taken.contains($0) } ?? wish
  }
}
