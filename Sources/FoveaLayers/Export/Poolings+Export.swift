import Foundation
public import FoveaCore

// How ONNX computes poolings, subsampling and upsampling.

extension ExportSite {
  fileprivate func window(
    _ kind: String, _ window: Extent, _ stride: Extent?, _ padding: Padding
  ) throws(LayerError) -> [String: ExportedGraph.Attribute] {
    try WindowGeometry(
      Check(kind: kind), input: inputShape, key: "window", window: window, stride: stride ?? window, padding: padding
    ).attributes(padding: padding, isOpen: isOpen, dilates: false)
  }
}

extension MaximumPooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let window = try site.window(Self.kind, configuration.window, configuration.stride, configuration.padding)
    return [graph.add("MaxPool", [site.input], window)]
  }
}

extension MinimumPooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let window = try site.window(Self.kind, configuration.window, configuration.stride, configuration.padding)
    return [graph.add("Neg", [graph.add("MaxPool", [graph.add("Neg", [site.input])], window)])]
  }
}

extension AveragePooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    var window = try site.window(Self.kind, configuration.window, configuration.stride, configuration.padding)
    if configuration.countsPadding { window["count_include_pad"] = .integer(1) }
    return [graph.add("AveragePool", [site.input], window)]
  }
}

extension LpPooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    var window = try site.window(Self.kind, configuration.window, configuration.stride, configuration.padding)
    window["count_include_pad"] = .integer(1)
    let powers =
      configuration.p == 2
      ? graph.add("Mul", [site.input, site.input])
      : graph.add("Pow", [graph.add("Abs", [site.input]), graph.number(configuration.p)])
    let area = Float(configuration.window.height) * Float(configuration.window.width)
    let sums = graph.add("Mul", [graph.add("AveragePool", [powers], window), graph.number(area)])
    return [
      configuration.p == 2 ? graph.add("Sqrt", [sums]) : graph.add("Pow", [sums, graph.number(1 / configuration.p)])
    ]
  }
}

extension GlobalAveragePooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Flatten", [graph.add("GlobalAveragePool", [site.input])])]
  }
}

extension GlobalMaximumPooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    [graph.add("Flatten", [graph.add("GlobalMaxPool", [site.input])])]
  }
}

extension AdaptiveAveragePooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    if configuration.size == 1 { return [graph.add("GlobalAveragePool", [site.input])] }
    try site.requireFixed(Self.kind)
    if let window = site.evenWindow(configuration.size) { return [graph.add("AveragePool", [site.input], window)] }
    // Windows of several sizes are means by rows of a matrix.
    func weights(_ extent: Int, _ count: Int) -> Tensor {
      Tensor([count, extent]) { result in
        for index in 0..<count {
          let window = AdaptiveWindows.window(index, of: extent, count)
          for place in window { result[index * extent + place] = 1 / Float(window.count) }
        }
      }
    }
    let (size, input) = (configuration.size, site.inputShape)
    let rows = graph.add("MatMul", [graph.constant(weights(input[1], size.height)), site.input])
    return [
      graph.add(
        "MatMul",
        [rows, graph.add("Transpose", [graph.constant(weights(input[2], size.width))], ["perm": .integers([1, 0])])])
    ]
  }
}

extension AdaptiveMaximumPooling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    if configuration.size == 1 { return [graph.add("GlobalMaxPool", [site.input])] }
    try site.requireFixed(Self.kind)
    if let window = site.evenWindow(configuration.size) { return [graph.add("MaxPool", [site.input], window)] }
    var value = site.input
    for (axis, extent, count) in [
      (2, site.inputShape[1], configuration.size.height), (3, site.inputShape[2], configuration.size.width),
    ] {
      let parts = (0..<count).map { index in
        let window = AdaptiveWindows.window(index, of: extent, count)
        return graph.maximum(
          graph.slice(value, from: [window.lowerBound], to: [window.upperBound], axes: [axis]), axes: [axis])
      }
      value = graph.add("Concat", parts, ["axis": .integer(axis)])
    }
    return [value]
  }
}

/// The windows of an adaptive pooling along one side.
private enum AdaptiveWindows {
  static func window(_ index: Int, of extent: Int, _ count: Int) -> Range<Int> {
    index * extent / count..<((index + 1) * extent + count - 1) / count
  }
}

extension ExportSite {
  fileprivate func requireFixed(_ kind: String) throws(LayerError) {
    guard isOpen else { return }
    throw .failed(
      kind: kind, message: "ONNX has no such pooling of images of any size; fix the size of the network's input")
  }

  /// Where windows lie side by side.
  fileprivate func evenWindow(_ size: Extent) -> [String: ExportedGraph.Attribute]? {
    guard inputShape[1].isMultiple(of: size.height), inputShape[2].isMultiple(of: size.width) else { return nil }
    let window = [inputShape[1] / size.height, inputShape[2] / size.width]
    return ["kernel_shape": .integers(window), "strides": .integers(window)]
  }
}

extension TrainableSubsampling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let window = try site.window(Self.kind, configuration.window, configuration.stride, .valid)
    let area = Float(configuration.window.height) * Float(configuration.window.width)
    let sums = graph.add("Mul", [graph.add("AveragePool", [site.input], window), graph.number(area)])
    let dimensions = [site.inputShape[0], 1, 1]
    let scaled = graph.add("Mul", [sums, graph.constant(site.parameters[0], as: dimensions)])
    return [graph.add("Add", [scaled, graph.constant(site.parameters[1], as: dimensions)])]
  }
}

extension Upsampling: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (factor, isNearest) = (configuration.factor, configuration.interpolation == .nearest)
    var attributes: [String: ExportedGraph.Attribute] = ["mode": .text(isNearest ? "nearest" : "linear")]
    attributes["coordinate_transformation_mode"] = .text(isNearest ? "asymmetric" : "half_pixel")
    if isNearest { attributes["nearest_mode"] = .text("floor") }
    let scales = Tensor([1, 1, Float(factor.height), Float(factor.width)], [4])
    return [graph.add("Resize", [site.input, "", graph.constant(scales)], attributes)]
  }
}
