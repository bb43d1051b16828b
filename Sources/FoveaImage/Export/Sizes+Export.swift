public import FoveaCore

// How ONNX computes the steps that change the size: what a picture's own size decides is computed in the graph.

extension Resize: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    let size = (height: graph.integer(height), width: graph.integer(width))
    var result = graph.resized(picture, to: size, interpolation)
    result.size = ImageSize(width: width, height: height)
    return result
  }
}

extension ResizeShorterSide: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    let (height, width) = graph.size(of: picture)
    let shorter = graph.add("Min", [height, width])
    // The shorter one becomes `side` to the last pixel: side · shorter / shorter.
    func other(_ extent: String) -> String {
      graph.add("Div", [graph.add("Mul", [graph.integer(side), extent]), shorter])
    }
    return graph.resized(picture, to: (other(height), other(width)), interpolation)
  }
}

extension CenterCrop: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    let (oldHeight, oldWidth) = graph.size(of: picture)
    func start(_ old: String, _ new: Int) -> String {
      let half = graph.add("Div", [graph.add("Sub", [old, graph.integer(new)]), graph.integer(2)])
      return graph.add("Reshape", [half, graph.integers([1])])
    }
    let starts = graph.add("Concat", [start(oldHeight, height), start(oldWidth, width)], ["axis": .integer(0)])
    let ends = graph.add("Add", [starts, graph.integers([height, width])])
    var result = picture
    result.value = graph.add("Slice", [picture.value, starts, ends, graph.integers([2, 3])])
    result.size = ImageSize(width: width, height: height)
    return result
  }
}

extension Pad: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    var result = picture
    let pads = graph.integers([0, 0, top, left, 0, 0, bottom, right])
    switch border {
    case .constant:
      let value = graph.number(picture.isBytes ? Float(fill.byte) : fill)
      result.value = graph.add("Pad", [picture.value, pads, value], ["mode": .text("constant")])
    case .replicate: result.value = graph.add("Pad", [picture.value, pads], ["mode": .text("edge")])
    case .reflect, .wrap:
      let old = graph.size(of: picture)
      result.value = gathered(result.value, 2, old.height, top, bottom, &graph)
      result.value = gathered(result.value, 3, old.width, left, right, &graph)
    }
    result.size = picture.size.map { ImageSize(width: $0.width + left + right, height: $0.height + top + bottom) }
    return result
  }
}

extension Pad {
  /// An axis with its margins, each pixel from where it shows: ONNX's own mirror stands in the middle of the last pixel, and its margins
  /// are no wider than the picture.
  private func gathered(
    _ value: String, _ axis: Int, _ extent: String, _ before: Int, _ after: Int, _ graph: inout ExportedGraph
  ) -> String {
    let end = graph.add("Add", [extent, graph.integer(after)])
    let places = graph.add("Range", [graph.integer(-before), end, graph.integer(1)])
    var sources: String
    if border == .wrap {
      sources = graph.add("Mod", [places, extent])
    } else {
      let turn = graph.add("Mul", [extent, graph.integer(2)])
      sources = graph.add("Mod", [places, turn])
      let back = graph.add("Sub", [graph.add("Sub", [turn, graph.integer(1)]), sources])
      sources = graph.add("Min", [sources, back])
    }
    return graph.add("Gather", [value, sources], ["axis": .integer(axis)])
  }
}

extension Letterbox: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    let old = graph.size(of: picture)
    func asDouble(_ extent: String) -> String { graph.add("Cast", [extent], ["to": .integer(11)]) }
    let scale = graph.add(
      "Min",
      [
        graph.add("Div", [graph.double(Double(width)), asDouble(old.width)]),
        graph.add("Div", [graph.double(Double(height)), asDouble(old.height)]),
      ])
    func inner(_ extent: String, _ most: Int) -> String {
      let scaled = graph.add("Add", [graph.add("Mul", [asDouble(extent), scale]), graph.double(0.5)])
      let rounded = graph.add("Cast", [graph.add("Floor", [scaled])], ["to": .integer(7)])
      return graph.add("Min", [graph.add("Max", [rounded, graph.integer(1)]), graph.integer(most)])
    }
    let size = (height: inner(old.height, height), width: inner(old.width, width))
    var result = graph.resized(picture, to: size, interpolation)
    func margins(_ extent: String, _ most: Int) -> (before: String, after: String) {
      let free = graph.add("Sub", [graph.integer(most), extent])
      let before = graph.add("Div", [free, graph.integer(2)])
      func axis(_ value: String) -> String { graph.add("Reshape", [value, graph.integers([1])]) }
      return (axis(before), axis(graph.add("Sub", [free, before])))
    }
    let (rows, columns) = (margins(size.height, height), margins(size.width, width))
    let pads = graph.add(
      "Concat",
      [graph.integers([0, 0]), rows.before, columns.before, graph.integers([0, 0]), rows.after, columns.after],
      ["axis": .integer(0)])
    let value = graph.number(picture.isBytes ? Float(fill.byte) : fill)
    result.value = graph.add("Pad", [result.value, pads, value], ["mode": .text("constant")])
    result.size = ImageSize(width: width, height: height)
    return result
  }
}
