/// ModelProto.
struct ModelMessage: Sendable {
  var version: Int64 = 0
  var producer = ""
  var graph: GraphMessage?
  var operatorSets: [OperatorSetMessage] = []
  var functions: [FunctionMessage] = []
  var metadata: [String: String] = [:]

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "ModelProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: version = try reader.integer(field)
      case 2: producer = try reader.text(field)
      case 7: graph = try GraphMessage(try reader.bytes(field))
      case 8: operatorSets.append(try OperatorSetMessage(try reader.bytes(field)))
      case 14:
        let entry = try EntryMessage(try reader.bytes(field))
        metadata[entry.key] = entry.value
      case 25: functions.append(try FunctionMessage(try reader.bytes(field)))
      default: break
      }
    }
  }
}

/// OperatorSetIdProto.
struct OperatorSetMessage: Sendable {
  var domain = ""
  var version: Int64 = 0

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "OperatorSetIdProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: domain = Self.plain(try reader.text(field))
      case 2: version = try reader.integer(field)
      default: break
      }
    }
  }

  /// ONNX's own domain has two names.
  static func plain(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }
}

/// FunctionProto.
struct FunctionMessage: Sendable {
  var name = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  /// With their values where the call says nothing.
  var defaults: [AttributeMessage] = []
  var nodes: [NodeMessage] = []
  var operatorSets: [OperatorSetMessage] = []

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "FunctionProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.text(field)
      case 4: inputs.append(try reader.text(field))
      case 5: outputs.append(try reader.text(field))
      case 7: nodes.append(try NodeMessage(try reader.bytes(field), depth: 0))
      case 9: operatorSets.append(try OperatorSetMessage(try reader.bytes(field)))
      case 10: domain = OperatorSetMessage.plain(try reader.text(field))
      case 11: defaults.append(try AttributeMessage(try reader.bytes(field), depth: 0))
      case 13: overload = try reader.text(field)
      default: break
      }
    }
  }
}
