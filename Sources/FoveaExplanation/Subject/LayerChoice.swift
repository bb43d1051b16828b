public import FoveaCore
public import FoveaModel

/// The layer whose maps are looked at, and why it is that one.
public struct LayerChoice: Sendable, Hashable {
  public let name: String
  public let source: Model.Source
  /// `[maps, height, width]`
  public let shape: Shape
  /// In words, for people.
  public let reason: String

  /// - Parameters:
  ///   - name: of the layer; nil for the last one with maps.
  ///   - scores: what must depend on it.
  /// - Returns: nil where nobody has asked for a layer, and none has maps.
  static func choose(
    _ name: String?, in model: Model, before scores: Model.Source
  ) throws(ExplanationError) -> LayerChoice? {
    var isNeeded = Array(repeating: false, count: model.nodes.count)
    for input in model.nodes[scores.node].inputs where !input.isInput { isNeeded[input.node] = true }
    for (index, node) in model.nodes.enumerated().reversed() where isNeeded[index] {
      for input in node.inputs where !input.isInput { isNeeded[input.node] = true }
    }
    func hasMaps(_ index: Int) -> Bool {
      let node = model.nodes[index]
      let shape = node.outputShape
      // A constant says nothing about a picture.
      return isNeeded[index] && shape.rank == 3 && shape[1] * shape[2] > 1 && node.outputElements[0] == .float32
        && !node.inputs.isEmpty
    }
    let candidates = model.nodes.indices.filter(hasMaps)
    guard let name else {
      guard let last = candidates.last else { return nil }
      let shape = model.nodes[last].outputShape
      let next = model.nodes.first { $0.inputs.contains(Model.Source(node: last)) }
      let end =
        next.map {
          "; '\($0.name)' behind it puts out \($0.outputShape.dimensions.map(String.init).joined(separator: "×"))"
        } ?? ""
      return LayerChoice(
        name: model.nodes[last].name, source: Model.Source(node: last), shape: shape,
        reason:
          "the last layer that still has places, \(shape[1])×\(shape[2]) of them in \(shape[0].counted("map"))\(end)")
    }
    guard let index = model.nodes.firstIndex(where: { $0.name == name }) else {
      let names = model.nodes.map(\.name)
      let hint = Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? "."
      throw .unknown(
        "the model has no layer '\(name)'\(hint) Layers with maps: \(candidates.map { model.nodes[$0].name }.joined(separator: ", "))"
      )
    }
    guard hasMaps(index) else {
      let shape = model.nodes[index].outputShape
      throw .unknown(
        "layer '\(name)' puts out \(shape) and so has no places to show, or no score depends on it; layers with maps: "
          + candidates.map { model.nodes[$0].name }.joined(separator: ", "))
    }
    return LayerChoice(
      name: name, source: Model.Source(node: index), shape: model.nodes[index].outputShape, reason: "as asked for")
  }
}
