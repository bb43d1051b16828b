public import FoveaCore

// How ONNX computes the activations.

extension Relu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Relu", [site.input])]
  }
}

extension Relu6: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Clip", [site.input, graph.number(0), graph.number(6)])]
  }
}

extension LeakyRelu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("LeakyRelu", [site.input], ["alpha": .float(configuration.slope)])]
  }
}

extension Prelu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let dimensions =
      configuration.shared ? [1] : [site.inputShape[0]] + Array(repeating: 1, count: site.inputShape.rank - 1)
    return [graph.add("PRelu", [site.input, graph.constant(site.parameters[0], as: dimensions)])]
  }
}

extension Elu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Elu", [site.input], ["alpha": .float(configuration.alpha)])]
  }
}

extension Tanh: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Tanh", [site.input])]
  }
}

extension ScaledTanh: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let inner = graph.add("Mul", [site.input, graph.number(configuration.slope)])
    return [graph.add("Mul", [graph.add("Tanh", [inner]), graph.number(configuration.amplitude)])]
  }
}

extension Sigmoid: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Sigmoid", [site.input])]
  }
}

extension Silu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Mul", [site.input, graph.add("Sigmoid", [site.input])])]
  }
}

extension HardSigmoid: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("HardSigmoid", [site.input], ["alpha": .float(1 / 6), "beta": .float(0.5)])]
  }
}

extension HardSwish: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    if graph.operatorSet >= 14 { return [graph.add("HardSwish", [site.input])] }
    let gate = graph.add("HardSigmoid", [site.input], ["alpha": .float(1 / 6), "beta": .float(0.5)])
    return [graph.add("Mul", [site.input, gate])]
  }
}

extension Gelu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let x = site.input
    if graph.operatorSet >= 20 {
      return [graph.add("Gelu", [x], ["approximate": .text(configuration.approximate ? "tanh" : "none")])]
    }
    let inner: String
    if configuration.approximate {
      // √(2/π)·(x + 0.044715·x³)
      let cube = graph.add("Mul", [graph.add("Mul", [x, x]), x])
      let sum = graph.add("Add", [x, graph.add("Mul", [cube, graph.number(0.044715)])])
      inner = graph.add("Tanh", [graph.add("Mul", [sum, graph.number(0.797_884_56)])])
    } else {
      inner = graph.add("Erf", [graph.add("Mul", [x, graph.number(0.707_106_78)])])
    }
    let gate = graph.add("Mul", [graph.add("Add", [inner, graph.number(1)]), graph.number(0.5)])
    return [graph.add("Mul", [x, gate])]
  }
}

extension Softmax: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Softmax", [site.input], ["axis": .integer(1)])]
  }
}
