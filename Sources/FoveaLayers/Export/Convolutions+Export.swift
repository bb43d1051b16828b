public import FoveaCore

// How ONNX computes convolutions and dense layers.

extension WindowGeometry {
  /// ONNX's attributes of a window; where the image may be of another size, `same` is said in words.
  func attributes(
    _ key: String = "kernel_shape", padding written: Padding, isOpen: Bool, dilates: Bool = true
  ) -> [String: ExportedGraph.Attribute] {
    var attributes: [String: ExportedGraph.Attribute] = [
      key: .integers([window.height, window.width]), "strides": .integers([stride.height, stride.width]),
    ]
    if dilates, dilation != 1 { attributes["dilations"] = .integers([dilation.height, dilation.width]) }
    if isOpen, written == .same {
      attributes["auto_pad"] = .text("SAME_UPPER")
    } else {
      attributes["pads"] = .integers([padding.top, padding.left, padding.bottom, padding.right])
    }
    return attributes
  }
}

extension Convolution: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let geometry = try WindowGeometry(
      Check(kind: Self.kind), input: site.inputShape, key: "kernel", window: configuration.kernel,
      stride: configuration.stride, dilation: configuration.dilation, padding: configuration.padding)
    var attributes = geometry.attributes(padding: configuration.padding, isOpen: site.isOpen)
    if configuration.groups > 1 { attributes["group"] = .integer(configuration.groups) }
    // Where there is no connection, the weight is 0.
    let weights = plainWeights(site.parameters.map(\.tensor)).weights
    let kernel =
      configuration.connections == nil
      ? graph.constant(site.parameters[0])
      : graph.constant(ExportedParameter(name: site.parameters[0].name, tensor: weights))
    let bias = configuration.bias ? [graph.constant(site.parameters[1])] : []
    return [graph.add("Conv", [site.input, kernel] + bias, attributes)]
  }
}

extension SeparableConvolution: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let geometry = try WindowGeometry(
      Check(kind: Self.kind), input: site.inputShape, key: "kernel", window: configuration.kernel,
      stride: configuration.stride, dilation: configuration.dilation, padding: configuration.padding)
    var attributes = geometry.attributes(padding: configuration.padding, isOpen: site.isOpen)
    attributes["group"] = .integer(site.inputShape[0])
    let depthwise = graph.add("Conv", [site.input, graph.constant(site.parameters[0])], attributes)
    let bias = configuration.bias ? [graph.constant(site.parameters[2])] : []
    return [
      graph.add("Conv", [depthwise, graph.constant(site.parameters[1])] + bias, ["kernel_shape": .integers([1, 1])])
    ]
  }
}

extension TransposedConvolution: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let (padding, more) = (configuration.padding, configuration.outputPadding)
    var attributes: [String: ExportedGraph.Attribute] = [
      "kernel_shape": .integers([configuration.kernel.height, configuration.kernel.width]),
      "strides": .integers([configuration.stride.height, configuration.stride.width]),
      "pads": .integers([padding.top, padding.left, padding.bottom, padding.right]),
    ]
    if configuration.dilation != 1 {
      attributes["dilations"] = .integers([configuration.dilation.height, configuration.dilation.width])
    }
    if configuration.groups > 1 { attributes["group"] = .integer(configuration.groups) }
    if more != .none { attributes["output_padding"] = .integers([more.bottom, more.right]) }
    let bias = configuration.bias ? [graph.constant(site.parameters[1])] : []
    return [graph.add("ConvTranspose", [site.input, graph.constant(site.parameters[0])] + bias, attributes)]
  }
}

extension Dense: ONNXExportable {
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    let bias = configuration.bias ? [graph.constant(site.parameters[1])] : []
    guard site.inputShape.rank == 2 else {
      return [graph.add("Gemm", [site.input, graph.constant(site.parameters[0])] + bias, ["transB": .integer(1)])]
    }
    let product = graph.product(site.input, byRowsOf: site.parameters[0])
    return [bias.isEmpty ? product : graph.add("Add", [product, bias[0]])]
  }
}

extension ExportedGraph {
  /// Tokens, `[batch, tokens, features]`, times weights `[units, features]`.
  mutating func product(_ input: String, byRowsOf weights: ExportedParameter) -> String {
    add("MatMul", [input, add("Transpose", [constant(weights)], ["perm": .integers([1, 0])])])
  }
}
