public import FoveaCore

// How ONNX computes the steps that change the size: what a picture's own size decides is computed in the graph.

extension Resize: ONNXExportableStep {
  public func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
  {
    let size = (height: graph.integer(height), width: graph.integer(width))
    var result = try graph.resized(picture, to: size, interpolation, by: Self.kind)
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
    return try graph.resized(picture, to: (other(height), other(width)), interpolation, by: Self.kind)
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
    var attributes: [String: ExportedGraph.Attribute] = [:]
    switch border {
    case .constant: attributes["mode"] = .text("constant")
    case .replicate: attributes["mode"] = .text("edge")
    case .reflect, .wrap:
      throw .failed(kind: Self.kind, message: "ONNX has no margins with the border '\(border.rawValue)'")
    }
    var result = picture
    let pads = graph.integers([0, 0, top, left, 0, 0, bottom, right])
    let value = graph.number(picture.isBytes ? Float(fill.byte) : fill)
    result.value = graph.add("Pad", [picture.value, pads] + (border == .constant ? [value] : []), attributes)
    result.size = picture.size.map { ImageSize(width: $0.width + left + right, height: $0.height + top + bottom) }
    return result
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
    var result = try graph.resized(picture, to: size, interpolation, by: Self.kind)
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
