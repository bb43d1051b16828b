public import FoveaCore

// How ONNX computes what gives numbers other places, and what joins several inputs number by number.

extension Reshape: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    // 0 keeps the input's extent: that of the batch.
    [graph.add("Reshape", [site.input, graph.integers([0] + outputShape.dimensions)])]
  }
}

extension Permute: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Transpose", [site.input], ["perm": .integers([0] + configuration.axes.map { $0 + 1 })])]
  }
}

extension Cropping: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let sides = configuration.sides
    // Counted from the end, so that pictures of other sizes are cut, too.
    let ends = [sides.bottom, sides.right].map { $0 == 0 ? Int(Int32.max) : -$0 }
    return [graph.slice(site.input, from: [sides.top, sides.left], to: ends, axes: [2, 3])]
  }
}

extension Broadcast: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    // 1 keeps the input's extent: that of the batch.
    [graph.add("Expand", [site.input, graph.integers([1] + configuration.shape)])]
  }
}

extension Subtract: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Sub", site.inputs)]
  }
}

extension Average: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Mean", site.inputs)]
  }
}

extension Maximum: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Max", site.inputs)]
  }
}

extension Minimum: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Min", site.inputs)]
  }
}

extension ThresholdedRelu: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (x, threshold) = (site.input, graph.number(configuration.threshold))
    let slope = graph.add("Mul", [graph.add("Sub", [x, threshold]), graph.number(configuration.slope)])
    let rectified = graph.add("Where", [graph.add("Less", [x, threshold]), slope, x])
    guard let limit = configuration.most else { return [rectified] }
    let most = graph.number(limit)
    return [graph.add("Where", [graph.add("Less", [x, most]), rectified, most])]
  }
}
