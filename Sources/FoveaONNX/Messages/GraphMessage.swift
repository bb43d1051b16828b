/// GraphProto.
struct GraphMessage: Sendable {
  var name = ""
  var nodes: [NodeMessage] = []
  var initializers: [TensorMessage] = []
  var sparseInitializers: [SparseTensorMessage] = []
  var inputs: [ValueInfoMessage] = []
  var outputs: [ValueInfoMessage] = []

  init() {}

  init(_ region: ByteRegion, depth: Int = 0) throws(ONNXError) {
    var reader = WireReader(region, "GraphProto")
    guard depth < WireReader.mostDepth else { throw reader.failure("graphs are nested too deeply") }
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try NodeMessage(try reader.bytes(field), depth: depth))
      case 2: name = try reader.text(field)
      case 5: initializers.append(try TensorMessage(try reader.bytes(field)))
      case 11: inputs.append(try ValueInfoMessage(try reader.bytes(field)))
      case 12: outputs.append(try ValueInfoMessage(try reader.bytes(field)))
      case 15: sparseInitializers.append(try SparseTensorMessage(try reader.bytes(field)))
      default: break
      }
    }
  }
}

/// NodeProto.
struct NodeMessage: Sendable {
  var name = ""
  var type = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [AttributeMessage] = []
  /// Of the operator sets, where a node comes from a function that asks for others than the model; no file has this.
  var versions: [String: Int]?

  init(_ region: ByteRegion, depth: Int) throws(ONNXError) {
    var reader = WireReader(region, "NodeProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try reader.text(field))
      case 2: outputs.append(try reader.text(field))
      case 3: name = try reader.text(field)
      case 4: type = try reader.text(field)
      case 5: attributes.append(try AttributeMessage(try reader.bytes(field), depth: depth))
      case 7: domain = OperatorSetMessage.plain(try reader.text(field))
      case 8: overload = try reader.text(field)
      default: break
      }
    }
  }

  /// What errors call it: its name, or that of its first output.
  var title: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? type : name }
}

/// AttributeProto.
struct AttributeMessage: Sendable {
  enum Value: Sendable {
    case none
    case float(Float)
    case integer(Int64)
    case bytes(ByteRegion)
    case tensor(TensorMessage)
    case sparse(SparseTensorMessage)
    case graph(GraphMessage)
    case floats([Float])
    case integers([Int64])
    case strings([ByteRegion])
    case type(TypeMessage)
    /// Tensors, graphs and types in lists, which no operator that is known here has.
    case unsupported
  }

  var name = ""
  var value = Value.none
  /// In a function's body: the attribute of the function's call that stands here.
  var reference = ""

  init(_ region: ByteRegion, depth: Int) throws(ONNXError) {
    var reader = WireReader(region, "AttributeProto")
    var kind: Int64 = 0
    var (floats, integers, strings): ([Float], [Int64], [ByteRegion]) = ([], [], [])
    var single = Value.none
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.text(field)
      case 2: single = .float(try reader.float(field))
      case 3: single = .integer(try reader.integer(field))
      case 4: single = .bytes(try reader.bytes(field))
      case 5: single = .tensor(try TensorMessage(try reader.bytes(field)))
      case 6: single = .graph(try GraphMessage(try reader.bytes(field), depth: depth + 1))
      case 7: try reader.appendFloats(field, to: &floats)
      case 8: try reader.appendIntegers(field, to: &integers)
      case 9: strings.append(try reader.bytes(field))
      case 10, 11, 15, 23: single = .unsupported
      case 14: single = .type(try TypeMessage(try reader.bytes(field)))
      case 20: kind = try reader.integer(field)
      case 21: reference = try reader.text(field)
      case 22: single = .sparse(try SparseTensorMessage(try reader.bytes(field)))
      default: break
      }
    }
    // Files of early versions do not say which kind it is; an empty list is one only because the kind says so.
    value =
      switch kind {
      case 1: if case .float = single { single } else { .float(0) }
      case 2: if case .integer = single { single } else { .integer(0) }
      case 6: .floats(floats)
      case 7: .integers(integers)
      case 8: .strings(strings)
      case 0 where !floats.isEmpty: .floats(floats)
      case 0 where !integers.isEmpty: .integers(integers)
      case 0 where !strings.isEmpty: .strings(strings)
      default: single
      }
  }
}

/// ValueInfoProto.
struct ValueInfoMessage: Sendable {
  var name = ""
  var type = TypeMessage.unknown

  init(_ region: ByteRegion) throws(ONNXError) {
    var reader = WireReader(region, "ValueInfoProto")
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.text(field)
      case 2: type = try TypeMessage(try reader.bytes(field))
      default: break
      }
    }
  }
}

/// TypeProto.
indirect enum TypeMessage: Sendable {
  enum Extent: Sendable, Hashable {
    case known(Int64)
    /// By name; empty where it has none.
    case open(String)
  }

  case unknown
  /// - Parameter shape: nil where even the rank is open.
  case tensor(Int64, shape: [Extent]?)
  case sequence(TypeMessage)
  case optional(TypeMessage)
  /// Maps, sparse tensors.
  case other

  init(_ region: ByteRegion, depth: Int = 0) throws(ONNXError) {
    var reader = WireReader(region, "TypeProto")
    guard depth < WireReader.mostDepth else { throw reader.failure("types are nested too deeply") }
    self = .unknown
    while let field = try reader.next() {
      switch field.number {
      case 1: self = try Self.tensor(try reader.bytes(field))
      case 4: self = .sequence(try Self.element(try reader.bytes(field), depth: depth + 1))
      case 9: self = .optional(try Self.element(try reader.bytes(field), depth: depth + 1))
      case 5, 7, 8: self = .other
      default: break
      }
    }
  }

  private static func element(_ region: ByteRegion, depth: Int) throws(ONNXError) -> TypeMessage {
    var reader = WireReader(region, "TypeProto.Sequence")
    var element = TypeMessage.unknown
    while let field = try reader.next() {
      if field.number == 1 { element = try TypeMessage(try reader.bytes(field), depth: depth) }
    }
    return element
  }

  private static func tensor(_ region: ByteRegion) throws(ONNXError) -> TypeMessage {
    var reader = WireReader(region, "TypeProto.Tensor")
    var (element, shape): (Int64, [Extent]?) = (0, nil)
    while let field = try reader.next() {
      switch field.number {
      case 1: element = try reader.integer(field)
      case 2:
        var extents: [Extent] = []
        var dimensions = WireReader(try reader.bytes(field), "TensorShapeProto")
        while let dimension = try dimensions.next() {
          if dimension.number == 1 { extents.append(try extent(try dimensions.bytes(dimension))) }
        }
        shape = extents
      default: break
      }
    }
    return .tensor(element, shape: shape)
  }

  private static func extent(_ region: ByteRegion) throws(ONNXError) -> Extent {
    var reader = WireReader(region, "TensorShapeProto.Dimension")
    var extent = Extent.open("")
    while let field = try reader.next() {
      switch field.number {
      case 1: extent = .known(try reader.integer(field))
      case 2: extent = .open(try reader.text(field))
      default: break
      }
    }
    return extent
  }
}
