public import FoveaCore

// How ONNX computes normalizations.

extension BatchNormalization: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let constants = site.parameters.map { graph.constant($0) }
    return [graph.add("BatchNormalization", [site.input] + constants, ["epsilon": .float(configuration.epsilon)])]
  }
}

extension ScaleShift: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let dimensions = [site.inputShape[0]] + Array(repeating: 1, count: site.inputShape.rank - 1)
    let scaled = graph.add("Mul", [site.input, graph.constant(site.parameters[0], as: dimensions)])
    guard configuration.shift else { return [scaled] }
    return [graph.add("Add", [scaled, graph.constant(site.parameters[1], as: dimensions)])]
  }
}

extension LocalResponseNormalization: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [
      graph.add(
        "LRN", [site.input],
        [
          "size": .integer(configuration.size), "alpha": .float(configuration.alpha),
          "beta": .float(configuration.beta), "bias": .float(configuration.k),
        ])
    ]
  }
}

extension InstanceNormalization: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let channels: Shape = [site.inputShape[0]]
    let constants =
      configuration.scale
      ? site.parameters.map { graph.constant($0) }
      : [graph.constant(Tensor(repeating: 1, channels)), graph.constant(Tensor(zeros: channels))]
    return [graph.add("InstanceNormalization", [site.input] + constants, ["epsilon": .float(configuration.epsilon)])]
  }
}

extension LayerNormalization: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let rank = site.inputShape.rank
    let first = configuration.axis < 0 ? rank + configuration.axis : configuration.axis
    let shape = Shape(Array(site.inputShape.dimensions[first...]))
    let scale = configuration.scale ? graph.constant(site.parameters[0]) : graph.constant(Tensor(repeating: 1, shape))
    let shift = configuration.scale ? [graph.constant(site.parameters[1])] : []
    if graph.operatorSet >= 17 {
      return [
        graph.add(
          "LayerNormalization", [site.input, scale] + shift,
          ["axis": .integer(first + 1), "epsilon": .float(configuration.epsilon)])
      ]
    }
    let normalized = graph.normalized(
      site.input, axes: Array(first + 1...rank), epsilon: configuration.epsilon)
    let scaled = graph.add("Mul", [normalized, scale])
    return [shift.isEmpty ? scaled : graph.add("Add", [scaled, shift[0]])]
  }
}

extension GroupNormalization: ONNXExportable {
  /// Each group as one row; ONNX's own operator came late, and once more with another meaning.
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let groups = configuration.groups
    let rows = graph.add("Reshape", [site.input, graph.integers([0, groups, -1])])
    let normalized = graph.normalized(rows, axes: [2], epsilon: configuration.epsilon)
    let whole = graph.add("Reshape", [normalized, graph.add("Shape", [site.input])])
    guard configuration.scale else { return [whole] }
    let dimensions = [site.inputShape[0]] + Array(repeating: 1, count: site.inputShape.rank - 1)
    let scaled = graph.add("Mul", [whole, graph.constant(site.parameters[0], as: dimensions)])
    return [graph.add("Add", [scaled, graph.constant(site.parameters[1], as: dimensions)])]
  }
}

extension ExportedGraph {
  /// (x − mean) / √(variance + epsilon)
  fileprivate mutating func normalized(_ input: String, axes: [Int], epsilon: Float) -> String {
    let centered = add("Sub", [input, mean(input, axes: axes)])
    let variance = mean(add("Mul", [centered, centered]), axes: axes)
    return add("Div", [centered, add("Sqrt", [add("Add", [variance, number(epsilon)])])])
  }
}
