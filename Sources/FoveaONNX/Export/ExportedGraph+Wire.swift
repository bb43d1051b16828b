import FoveaCore

/// A graph as ONNX's messages.
///
/// Source: ONNX, "onnx.proto", IR versions 7 … 11.
extension ExportedGraph {
  /// An input or an output.
  struct Port {
    let name: String
    let element: ONNXElementType
    let extents: [Extent]

    enum Extent {
      case known(Int)
      case named(String)
      /// Nobody knows before it is computed.
      case open
    }
  }

  func message(name: String, inputs: [Port], outputs: [Port]) -> WireMessage {
    var graph = WireMessage()
    for node in nodes { graph.add(1, Self.message(node)) }
    graph.add(2, name)
    for constant in constants { graph.add(5, Self.message(constant)) }
    for input in inputs { graph.add(11, Self.message(input)) }
    for output in outputs { graph.add(12, Self.message(output)) }
    return graph
  }

  private static func message(_ node: Node) -> WireMessage {
    var message = WireMessage()
    for input in node.inputs { message.add(1, input) }
    for output in node.outputs { message.add(2, output) }
    message.add(3, node.name)
    message.add(4, node.type)
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
      var attribute = WireMessage()
      attribute.add(1, name)
      switch value {
      case .float(let number):
        attribute.add(2, number)
        attribute.add(20, 1 as Int64)
      case .integer(let number):
        attribute.add(3, Int64(number))
        attribute.add(20, 2 as Int64)
      case .text(let text):
        attribute.add(4, text)
        attribute.add(20, 3 as Int64)
      case .floats(let numbers):
        for number in numbers { attribute.add(7, number) }
        attribute.add(20, 6 as Int64)
      case .integers(let numbers):
        for number in numbers { attribute.add(8, Int64(number)) }
        attribute.add(20, 7 as Int64)
      }
      message.add(5, attribute)
    }
    if !node.domain.isEmpty { message.add(7, node.domain) }
    return message
  }

  private static func message(_ constant: Constant) -> WireMessage {
    var message = WireMessage()
    for extent in constant.dimensions { message.add(1, Int64(extent)) }
    func add(_ type: ONNXElementType, _ raw: UnsafeRawBufferPointer) {
      message.add(2, Int64(type.rawValue))
      message.add(8, constant.name)
      message.add(9, raw: raw)
    }
    switch constant.numbers {
    case .tensor(let tensor): tensor.withUnsafeBytes { add(ONNXElementType(tensor.element), $0) }
    case .integers(let numbers): numbers.withUnsafeBytes { add(.int64, $0) }
    case .doubles(let numbers): numbers.withUnsafeBytes { add(.float64, $0) }
    }
    return message
  }

  private static func message(_ port: Port) -> WireMessage {
    var shape = WireMessage()
    for extent in port.extents {
      var dimension = WireMessage()
      switch extent {
      case .known(let value): dimension.add(1, Int64(value))
      case .named(let name): dimension.add(2, name)
      case .open: break
      }
      shape.add(1, dimension)
    }
    var tensor = WireMessage()
    tensor.add(1, Int64(port.element.rawValue))
    tensor.add(2, shape)
    var type = WireMessage()
    type.add(1, tensor)
    var info = WireMessage()
    info.add(1, port.name)
    info.add(2, type)
    return info
  }
}
