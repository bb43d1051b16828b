/// TensorProto: its elements stay where they are until ``ONNXTensor/init(_:external:)`` reads them.
///
/// Source: ONNX, "onnx.proto", IR version 13.
struct TensorMessage: Sendable {
  var name = ""
  var dimensions: [Int64] = []
  var type: Int64 = 0
  var raw: ByteRegion?
  var floats: [Float] = []
  var doubles: [Double] = []
  /// int32_data, int64_data and uint64_data.
  var numbers: [UInt64] = []
  var strings: [ByteRegion] = []
  /// Where the elements are, if in a file of their own: location, offset, length.
  var external: [String: String] = [:]
  var isExternal = false
  let region: ByteRegion

  init(_ region: ByteRegion) throws(ONNXError) {
    self.region = region
    var reader = WireReader(region, "TensorProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: try reader.appendIntegers(field, to: &dimensions)
      case 2: type = try reader.integer(field)
      case 3: throw reader.failure("a tensor in segments, which nobody writes, is not supported", at: field.place)
      case 4: try reader.appendFloats(field, to: &floats)
      case 5, 7, 11: try reader.appendNumbers(field, to: &numbers)
      case 6: strings.append(try reader.bytes(field))
      case 8: name = try reader.text(field)
      case 9: raw = try reader.bytes(field)
      case 10: try reader.appendDoubles(field, to: &doubles)
      case 13:
        let entry = try EntryMessage(try reader.bytes(field))
        external[entry.key] = entry.value
      case 14: isExternal = try reader.integer(field) == 1
      default: break
      }
    }
  }

  func failure(_ problem: String) -> ONNXError {
    WireReader(region, "TensorProto '\(name)'").failure(problem)
  }
}

/// StringStringEntryProto.
struct EntryMessage: Sendable {
  var key = ""
  var value = ""

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "StringStringEntryProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try reader.text(field)
      case 2: value = try reader.text(field)
      default: break
      }
    }
  }
}

/// SparseTensorProto.
struct SparseTensorMessage: Sendable {
  var values: TensorMessage?
  var indices: TensorMessage?
  var dimensions: [Int64] = []

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "SparseTensorProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: values = try TensorMessage(try reader.bytes(field))
      case 2: indices = try TensorMessage(try reader.bytes(field))
      case 3: try reader.appendIntegers(field, to: &dimensions)
      default: break
      }
    }
  }
}

/// SequenceProto and OptionalProto: values in files of their own, as ONNX's tests have them.
indirect enum ValueMessage {
  case tensor(TensorMessage)
  case sequence([ValueMessage])
  case optional(ValueMessage?)

  static func sequence(_ region: ByteRegion, depth: Int = 0) throws(ONNXError) -> ValueMessage {
    var reader = WireReader(region, "SequenceProto")
    guard depth < WireReader.mostDepth else { throw reader.failure("it is nested too deeply") }
    var values: [ValueMessage] = []
    while let field = try reader.next() {
      switch field.number {
      case 3: values.append(.tensor(try TensorMessage(try reader.bytes(field))))
      case 5: values.append(try sequence(try reader.bytes(field), depth: depth + 1))
      case 7: values.append(try optional(try reader.bytes(field), depth: depth + 1))
      case 4, 6: throw reader.failure("sparse tensors and maps are not supported", at: field.place)
      default: break
      }
    }
    return .sequence(values)
  }

  static func optional(_ region: ByteRegion, depth: Int = 0) throws(ONNXError) -> ValueMessage {
    var reader = WireReader(region, "OptionalProto")
    guard depth < WireReader.mostDepth else { throw reader.failure("it is nested too deeply") }
    var value: ValueMessage?
    while let field = try reader.next() {
      switch field.number {
      case 3: value = .tensor(try TensorMessage(try reader.bytes(field)))
      case 5: value = try sequence(try reader.bytes(field), depth: depth + 1)
      case 7: value = try optional(try reader.bytes(field), depth: depth + 1)
      case 4, 6: throw reader.failure("sparse tensors and maps are not supported", at: field.place)
      default: break
      }
    }
    return .optional(value)
  }
}
