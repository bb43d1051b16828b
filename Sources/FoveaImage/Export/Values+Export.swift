public import FoveaCore

// How ONNX computes the steps that change values and channels.

extension ToGrayscale: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    guard picture.channels == 3 else { return result }
    // Bytes in fixed point, as they are computed here: 15 bits behind the point, and half of the last rounds up.
    let weights: [Float] = picture.isBytes ? [9798, 19235, 3735] : [0.299, 0.587, 0.114]
    let kernel = graph.constant(Tensor(weights, [1, 3, 1, 1]))
    result.value = graph.add("Conv", [picture.value, kernel], ["kernel_shape": .integers([1, 1])])
    if picture.isBytes {
      let sums = graph.add("Add", [result.value, graph.number(16384)])
      result.value = graph.add("Floor", [graph.add("Div", [sums, graph.number(32768)])])
    }
    result.channels = 1
    return result
  }
}

extension ToRGB: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    guard picture.channels == 1 else { return picture }
    var result = picture
    result.value = graph.add("Concat", Array(repeating: picture.value, count: 3), ["axis": .integer(1)])
    result.channels = 3
    return result
  }
}

extension ReverseChannels: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    let order = graph.integers((0..<picture.channels).reversed())
    result.value = graph.add("Gather", [picture.value, order], ["axis": .integer(1)])
    return result
  }
}

extension Invert: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    result.value = graph.add("Sub", [graph.number(maximum), picture.value])
    result.isBytes = picture.isBytes && maximum == 255
    return result
  }
}

extension Scale: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    let factor = (upper - lower) / (fromUpper - fromLower)
    if fromLower != 0 { result.value = graph.add("Sub", [result.value, graph.number(fromLower)]) }
    result.value = graph.add("Mul", [result.value, graph.number(factor)])
    if lower != 0 { result.value = graph.add("Add", [result.value, graph.number(lower)]) }
    result.isBytes = false
    return result
  }
}

extension Normalize: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    let means = graph.constant(Tensor(mean, [mean.count, 1, 1]))
    let deviations = graph.constant(Tensor(deviation, [deviation.count, 1, 1]))
    result.value = graph.add("Div", [graph.add("Sub", [picture.value, means]), deviations])
    result.isBytes = false
    return result
  }
}
