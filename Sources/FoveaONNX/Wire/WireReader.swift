/// Reads one message of Protocol Buffers' wire format, field by field.
///
/// Not swift-protobuf: that copies weights of gigabytes into arrays before anybody has asked for them, needs generated code,
/// and a few messages of ONNX are all that is wanted. Here a field is a place in a mapped file, every length is checked
/// against the message that holds it, and an error says where it is.
///
/// Source: Protocol Buffers, "Encoding".
struct WireReader {
  enum Value {
    case number(UInt64)
    case fixed64(UInt64)
    case bytes(ByteRegion)
    case fixed32(UInt32)
  }

  struct Field {
    let number: Int
    let value: Value
    /// Where it begins in the file.
    let place: Int
  }

  /// Graphs within graphs, and types within types; real ones are a few deep.
  static let mostDepth = 64

  let region: ByteRegion
  /// The message's type, for errors: `NodeProto`.
  let message: String
  private var position = 0

  init(_ region: ByteRegion, _ message: String) { (self.region, self.message) = (region, message) }

  func failure(_ problem: String, at place: Int? = nil) -> ONNXError {
    .malformed(
      file: region.owner.name, message: message, place: place ?? region.range.lowerBound + position, problem: problem)
  }

  private mutating func varint() throws(ONNXError) -> UInt64 {
    let bytes = region.owner.bytes
    let (start, end) = (region.range.lowerBound, region.count)
    var (result, shift) = (0 as UInt64, 0 as UInt64)
    while position < end {
      let byte = bytes[start + position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw failure("a number has more than 64 bits") }
      result |= UInt64(byte & 0x7F) << shift
      guard byte & 0x80 != 0 else { return result }
      shift += 7
    }
    throw failure("it ends within a number")
  }

  private mutating func take(_ count: UInt64, _ what: String) throws(ONNXError) -> ByteRegion {
    guard count <= UInt64(region.count - position), let part = region.part(position..<position + Int(count)) else {
      throw failure("\(what) of \(count) bytes is longer than the \(region.count - position) that are left of it")
    }
    position += Int(count)
    return part
  }

  private static func littleEndian(_ part: ByteRegion) -> UInt64 {
    part.withBytes { bytes in bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// - Returns: nil at the message's end.
  mutating func next() throws(ONNXError) -> Field? {
    guard position < region.count else { return nil }
    let place = region.range.lowerBound + position
    let key = try varint()
    let number = key >> 3
    guard number > 0, number < 1 << 29 else { throw failure("there is no field \(number)", at: place) }
    let value: Value
    switch key & 7 {
    case 0: value = .number(try varint())
    case 1: value = .fixed64(Self.littleEndian(try take(8, "field \(number)")))
    case 2:
      let count = try varint()
      value = .bytes(try take(count, "field \(number)"))
    case 5: value = .fixed32(UInt32(truncatingIfNeeded: Self.littleEndian(try take(4, "field \(number)"))))
    default: throw failure("field \(number) is of wire type \(key & 7), which ONNX does not use", at: place)
    }
    return Field(number: Int(number), value: value, place: place)
  }

  // What a field must be.

  func number(_ field: Field) throws(ONNXError) -> UInt64 {
    guard case .number(let value) = field.value else { throw mismatch(field, "a whole number") }
    return value
  }

  func integer(_ field: Field) throws(ONNXError) -> Int64 { Int64(bitPattern: try number(field)) }

  func bytes(_ field: Field) throws(ONNXError) -> ByteRegion {
    guard case .bytes(let region) = field.value else { throw mismatch(field, "bytes") }
    return region
  }

  func text(_ field: Field) throws(ONNXError) -> String { try bytes(field).text }

  func float(_ field: Field) throws(ONNXError) -> Float {
    guard case .fixed32(let bits) = field.value else { throw mismatch(field, "a float") }
    return Float(bitPattern: bits)
  }

  private func mismatch(_ field: Field, _ expected: String) -> ONNXError {
    failure("field \(field.number) is not \(expected)", at: field.place)
  }

  // Repeated numbers: packed into bytes, or a field for each.

  func appendNumbers(_ field: Field, to list: inout [UInt64]) throws(ONNXError) {
    guard case .bytes(let region) = field.value else { return list.append(try number(field)) }
    var packed = WireReader(region, message)
    while packed.position < region.count { list.append(try packed.varint()) }
  }

  func appendIntegers(_ field: Field, to list: inout [Int64]) throws(ONNXError) {
    var numbers: [UInt64] = []
    try appendNumbers(field, to: &numbers)
    list += numbers.map { Int64(bitPattern: $0) }
  }

  func appendFloats(_ field: Field, to list: inout [Float]) throws(ONNXError) {
    guard case .bytes(let region) = field.value else { return list.append(try float(field)) }
    guard region.count % 4 == 0 else { throw failure("packed floats of \(region.count) bytes", at: field.place) }
    region.withBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: 4) {
        list.append(
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
      }
    }
  }

  func appendDoubles(_ field: Field, to list: inout [Double]) throws(ONNXError) {
    switch field.value {
    case .fixed64(let bits): list.append(Double(bitPattern: bits))
    case .bytes(let region) where region.count % 8 == 0:
      region.withBytes { bytes in
        for offset in stride(from: 0, to: bytes.count, by: 8) {
          list.append(
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
        }
      }
    default: throw mismatch(field, "a list of doubles")
    }
  }
}
