import FoveaCore

/// A node of ONNX as an operator set has it that came after the node's own, where the operator has become another since: attributes
/// that are inputs now, and axes that mean something else.
///
/// Source: ONNX, "Operator Changelog".
struct LaterNode {
  var type: String
  var inputs: [String]
  var attributes: [String: ExportedGraph.Attribute]
  let outputCount: Int
  /// Axes of what comes out, with the batch's.
  let rank: Int

  /// What has changed from some operator set on.
  private struct Change: Sendable {
    let since: Int
    let names: Set<String>
    /// - Returns: the outputs, where it takes several nodes; else nil.
    let convert: @Sendable (inout LaterNode, inout ExportedGraph) -> [String]?

    init(
      _ since: Int, _ names: String..., convert: @escaping @Sendable (inout LaterNode, inout ExportedGraph) -> [String]?
    ) {
      (self.since, self.names, self.convert) = (since, Set(names), convert)
    }
  }

  private static let changes: [Change] = [
    Change(10, "Slice") { node, graph in
      node.moveIntegers("starts", "ends", "axes", into: &graph)
      return nil
    },
    Change(10, "TopK") { node, graph in
      if case .integer(let count)? = node.attributes.removeValue(forKey: "k") {
        node.inputs.append(graph.integers([count]))
      }
      return nil
    },
    // Before Upsample, which becomes one as it is since.
    Change(11, "Resize") { node, _ in
      node.resize(by: node.inputs.dropFirst().first ?? "")
      return nil
    },
    Change(10, "Upsample") { node, graph in
      var scales = node.inputs.dropFirst().first
      if case .floats(let numbers)? = node.attributes.removeValue(forKey: "scales") {
        scales = graph.constant(Tensor(numbers, [numbers.count]))
      }
      node.resize(by: scales ?? "")
      return nil
    },
    Change(11, "Clip") { node, graph in
      node.moveNumbers("min", "max", into: &graph)
      return nil
    },
    Change(11, "Pad") { node, graph in
      node.moveIntegers("pads", into: &graph)
      node.moveNumbers("value", into: &graph)
      return nil
    },
    Change(11, "Scatter") { node, _ in
      node.type = "ScatterElements"
      return nil
    },
    Change(12, "Dropout") { node, _ in
      (node.type, node.attributes, node.inputs) = ("Identity", [:], Array(node.inputs.prefix(1)))
      return nil
    },
    Change(13, "Squeeze", "Unsqueeze", "ReduceSum") { node, graph in
      node.moveIntegers("axes", into: &graph)
      return nil
    },
    Change(13, "Split") { node, graph in
      node.moveIntegers("split", into: &graph)
      return nil
    },
    Change(13, "Softmax", "LogSoftmax", "Hardmax") { node, graph in
      var axis = 1
      if case .integer(let given)? = node.attributes["axis"] { axis = given < 0 ? given + node.rank : given }
      node.attributes["axis"] = .integer(-1)
      guard axis < node.rank - 1 else { return nil }
      // All axes from that one on were one, together.
      let rows = graph.add("Flatten", node.inputs, ["axis": .integer(axis)])
      let made = graph.add(node.type, [rows], node.attributes)
      return [graph.add("Reshape", [made, graph.add("Shape", node.inputs)])]
    },
    Change(
      18, "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin",
      "ReduceProd",
      "ReduceSumSquare"
    ) { node, graph in
      node.moveIntegers("axes", into: &graph)
      return nil
    },
    Change(18, "Split") { node, _ in
      if node.inputs.count < 2 { node.attributes["num_outputs"] = .integer(node.outputCount) }
      return nil
    },
    Change(20, "GridSample") { node, _ in
      let words = ["bilinear": "linear", "bicubic": "cubic"]
      if case .text(let mode)? = node.attributes["mode"] { node.attributes["mode"] = .text(words[mode] ?? mode) }
      return nil
    },
    Change(20, "DFT") { node, graph in
      var axis = 1
      if case .integer(let given)? = node.attributes.removeValue(forKey: "axis") { axis = given }
      if node.inputs.count < 2 { node.inputs.append("") }
      node.inputs.append(graph.integer(axis))
      return nil
    },
  ]

  /// From which operator set on an operator is another one, for which there is no way here.
  private static let breaks = ["BatchNormalization": 9, "GroupNormalization": 21]

  /// Adds what computes the same.
  ///
  /// - Parameter version: of the node's own operator set, which is not above the graph's.
  /// - Returns: the outputs; nil where there is no way.
  func add(from version: Int, to graph: inout ExportedGraph) -> [String]? {
    if let since = Self.breaks[type], version < since, graph.operatorSet >= since { return nil }
    var node = self
    for change in Self.changes
    where version < change.since && change.since <= graph.operatorSet && change.names.contains(node.type) {
      if let outputs = change.convert(&node, &graph) { return outputs }
    }
    return graph.add(node.type, node.inputs, node.attributes, outputs: outputCount)
  }

  /// What were attributes, in the order of the inputs behind the first.
  private mutating func moveIntegers(_ names: String..., into graph: inout ExportedGraph) {
    for name in names {
      guard case .integers(let numbers)? = attributes.removeValue(forKey: name) else { continue }
      inputs.append(graph.integers(numbers))
    }
  }

  private mutating func moveNumbers(_ names: String..., into graph: inout ExportedGraph) {
    for name in names {
      switch attributes.removeValue(forKey: name) {
      case .float(let number): inputs.append(graph.number(number))
      case .integer(let number): inputs.append(graph.number(Float(number)))
      default: inputs.append("")
      }
    }
  }

  private mutating func resize(by scales: String) {
    (type, inputs) = ("Resize", [inputs.first ?? "", "", scales])
    attributes["coordinate_transformation_mode"] = .text("asymmetric")
    attributes["nearest_mode"] = .text("floor")
  }

  /// The attributes of ONNX's own operators that are numbers with a point, whole ones, too.
  static let numbers: Set<String> = [
    "activation_alpha", "activation_beta", "alpha", "beta", "bias", "clip", "cubic_coeff_a", "epsilon",
    "extrapolation_value", "gamma", "high", "lambd", "low", "max", "mean", "min", "momentum", "ratio", "scale",
    "scales",
    "softcap", "spatial_scale", "value", "value_float", "value_floats",
  ]
}
