public import FoveaCore

// How ONNX computes what joins, splits and arranges.

extension Flatten: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Flatten", [site.input])]
  }
}

extension ZeroPadding: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let sides = configuration.padding
    let pads = graph.integers([0, 0, sides.top, sides.left, 0, 0, sides.bottom, sides.right])
    return [graph.add("Pad", [site.input, pads], ["mode": .text("constant")])]
  }
}

extension Add: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [site.inputs.count == 2 ? graph.add("Add", site.inputs) : graph.add("Sum", site.inputs)]
  }
}

extension Multiply: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (first, second) = (site.inputShapes[0], site.inputShapes[1])
    guard first != second, second.rank < first.rank else { return [graph.add("Mul", site.inputs)] }
    let axes = Array(second.rank + 1...first.rank)
    return [graph.add("Mul", [site.inputs[0], graph.add("Unsqueeze", [site.inputs[1], graph.integers(axes)])])]
  }
}

extension Concatenate: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Concat", site.inputs, ["axis": .integer(1)])]
  }
}

extension Split: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    graph.add(
      "Split", [site.input, graph.integers(configuration.sizes)], ["axis": .integer(1)],
      outputs: configuration.sizes.count)
  }
}

extension Dropout: ONNXExportable {
  /// Nothing is dropped in use.
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Identity", [site.input])]
  }
}

extension Constant: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let value = try compute([], site.parameters.map(\.tensor), batch: 1)[0]
    return [graph.perExample(graph.constant(value), outputShapes[0], site)]
  }
}

extension LearnedConstant: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.perExample(graph.constant(site.parameters[0], as: [1] + outputShape.dimensions), outputShape, site)]
  }
}

extension Cast: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let code: Int =
      switch configuration.to {
      case .float32: 1
      case .uint8: 2
      case .int8: 3
      case .int32: 6
      case .int64: 7
      case .bool: 9
      case .float16: 10
      case .bfloat16: 16
      }
    // ONNX cuts fractions off, and what becomes of numbers that are too large is not said there.
    let isWhole = !configuration.to.isFloat && configuration.to != .bool
    let rounded =
      isWhole && configuration.rounding == .nearest ? graph.add("Round", [site.input]) : site.input
    return [graph.add("Cast", [rounded], ["to": .integer(code)])]
  }
}

extension Tokens: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let rows = graph.add("Reshape", [site.input, graph.integers([0, site.inputShape[0], -1])])
    return [graph.add("Transpose", [rows], ["perm": .integers([0, 2, 1])])]
  }
}

extension ArgMax: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let numbers = graph.add("ArgMax", [site.input], ["axis": .integer(1), "keepdims": .integer(1)])
    return switch configuration.element {
    case .int64: [numbers]
    case .int32: [graph.add("Cast", [numbers], ["to": .integer(6)])]
    case .float32: [graph.add("Cast", [numbers], ["to": .integer(1)])]
    }
  }
}

extension RadialBasisOutput: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (units, features) = (outputShape[0], site.inputShape[0])
    let input = graph.add("Reshape", [site.input, graph.integers([-1, 1, features])])
    let codes = graph.constant(site.parameters[0], as: [1, units, features])
    let difference = graph.add("Sub", [input, codes])
    let squares = graph.add("Mul", [difference, difference])
    return [graph.add("ReduceSum", [squares, graph.integers([2])], ["keepdims": .integer(0)])]
  }
}

extension MultiHeadAttention: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (tokens, heads) = (site.inputShape[0], configuration.heads)
    let size = width / heads
    let weights = site.parameters
    var projected = graph.product(site.input, byRowsOf: weights[0])
    if configuration.bias { projected = graph.add("Add", [projected, graph.constant(site.parameters[1])]) }
    let parts = graph.add(
      "Split", [projected, graph.integers([width, width, width])], ["axis": .integer(2)], outputs: 3)
    func turned(_ part: String, _ axes: [Int]) -> String {
      let byHead = graph.add("Reshape", [part, graph.integers([-1, tokens, heads, size])])
      return graph.add("Transpose", [byHead], ["perm": .integers(axes)])
    }
    let (queries, keys, values) = (
      turned(parts[0], [0, 2, 1, 3]), turned(parts[1], [0, 2, 3, 1]), turned(parts[2], [0, 2, 1, 3])
    )
    let scores = graph.add(
      "Mul", [graph.add("MatMul", [queries, keys]), graph.number(1 / Float(size).squareRoot())])
    let shares = graph.add("Softmax", [scores], ["axis": .integer(3)])
    let mixed = graph.add("Transpose", [graph.add("MatMul", [shares, values])], ["perm": .integers([0, 2, 1, 3])])
    let joined = graph.add("Reshape", [mixed, graph.integers([-1, tokens, width])])
    let output = graph.product(joined, byRowsOf: weights[configuration.bias ? 2 : 1])
    return [configuration.bias ? graph.add("Add", [output, graph.constant(site.parameters[3])]) : output]
  }
}

extension ExportedGraph {
  /// The same numbers, `[1, …]`, for each example.
  fileprivate mutating func perExample(_ value: String, _ shape: Shape, _ site: ExportSite) -> String {
    let batch = slice(add("Shape", [site.batched]), from: [0], to: [1], axes: [0])
    return add(
      "Expand", [value, add("Concat", [batch, integers(shape.dimensions)], ["axis": .integer(0)])])
  }
}
