public import FoveaCore

/// Some layers of a network as a network of their own, with the same weights.
public struct ModelPart: Sendable {
  public let model: Model
  /// What the part's inputs are in the whole network, in the order of its inputs.
  public let inputs: [Model.Source]
}

extension Model {
  /// The layers that some outputs need, from the model's own inputs on.
  ///
  /// - Parameter outputs: what comes out of the part, in this order; none of them an input.
  public func part(upTo outputs: OneOrMore<Source>) throws(ModelError) -> ModelPart {
    var isNeeded = Array(repeating: false, count: nodes.count)
    for output in outputs where !output.isInput { isNeeded[output.node] = true }
    for (index, node) in nodes.enumerated().reversed() where isNeeded[index] {
      for input in node.inputs where !input.isInput { isNeeded[input.node] = true }
    }
    return try part(nodes.indices.filter { isNeeded[$0] }, inputs: inputs.map(\.source), outputs: outputs)
  }

  /// The layers between some tensors and an output: those that depend on one of the tensors, and that the output needs.
  ///
  /// - Parameters:
  ///   - sources: inputs of the model, or outputs of layers. They are the part's first inputs, in this order; what its layers
  ///     read beside them comes behind.
  ///   - output: what comes out.
  /// - Throws: ``ModelError/unconnected(_:_:)`` where the output does not depend on the first of the tensors.
  public func part(from sources: [Source], to output: Source) throws(ModelError) -> ModelPart {
    let given = Set(sources)
    var follows = Array(repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      // A layer that puts a given tensor out is not computed again.
      guard !node.outputShapes.indices.contains(where: { given.contains(Source(node: index, output: $0)) }) else {
        continue
      }
      follows[index] = node.inputs.contains { given.contains($0) || !$0.isInput && follows[$0.node] }
    }
    var isNeeded = Array(repeating: false, count: nodes.count)
    guard !output.isInput, follows[output.node] else {
      throw .unconnected(sources.first.map(name) ?? "", name(of: output))
    }
    isNeeded[output.node] = true
    for (index, node) in nodes.enumerated().reversed() where isNeeded[index] {
      for input in node.inputs where !input.isInput && !given.contains(input) && follows[input.node] {
        isNeeded[input.node] = true
      }
    }
    let taken = nodes.indices.filter { isNeeded[$0] }
    var inputs = sources
    for index in taken {
      for input in nodes[index].inputs where !inputs.contains(input) && (input.isInput || !isNeeded[input.node]) {
        inputs.append(input)
      }
    }
    return try part(taken, inputs: inputs, outputs: OneOrMore(output))
  }

  private func part(_ taken: [Int], inputs: [Source], outputs: OneOrMore<Source>) throws(ModelError) -> ModelPart {
    var places: [Source: Source] = [:]
    for (number, input) in inputs.enumerated() { places[input] = .input(number) }
    for (place, index) in taken.enumerated() {
      for output in nodes[index].outputShapes.indices {
        let source = Source(node: index, output: output)
        if places[source] == nil { places[source] = Source(node: place, output: output) }
      }
    }
    let moves = places
    func moved(_ source: Source) -> Source { moves[source] ?? source }
    let partNodes = taken.map { index in
      let node = nodes[index]
      // Weights that are shared with a layer elsewhere are the same tensors here.
      return Node(
        name: node.name, layer: node.layer, origin: node.origin, inputs: node.inputs.map(moved),
        inputShapes: node.inputShapes, outputShapes: node.outputShapes, outputElements: node.outputElements,
        parameters: self.graph.parameters(of: index), sharedWeights: nil)
    }
    func port(_ source: Source, _ place: Source) -> Port {
      Port(
        name: name(of: source), shape: source.isInput ? self.inputs[source.output].shape : shape(of: source),
        element: source.isInput ? .float32 : nodes[source.node].outputElements[source.output], open: [], source: place)
    }
    let ports = inputs.enumerated().map { port($1, .input($0)) }
    guard let first = OneOrMore(ports) else { throw .unconnected("", name(of: outputs.head)) }
    let graph = Graph(nodes: partNodes, inputs: first, outputs: outputs.mapped { port($0, moved($0)) })
    var part = try Model(
      name, graph, parameters: taken.map { parameters[self.graph.owner(of: $0)] }, precision: precision, sizes: nil)
    part.context = context
    part.largestWeight = largestWeight
    return ModelPart(model: part, inputs: inputs)
  }

  /// What a tensor of the network looks like, without the batch.
  public func shape(of source: Source) -> Shape {
    source.isInput ? inputs[source.output].shape : nodes[source.node].outputShapes[source.output]
  }
}
