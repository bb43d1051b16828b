/// A message of Protocol Buffers as it is written.
///
/// Source: Google, "Protocol Buffers: Encoding".
struct WireMessage {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ field: UInt64, _ value: Int64) {
    varint(field << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func add(_ field: UInt64, _ value: Float) {
    varint(field << 3 | 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ field: UInt64, _ value: some Collection<UInt8>) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func add(_ field: UInt64, _ text: String) { add(field, text.utf8) }

  mutating func add(_ field: UInt64, _ message: WireMessage) { add(field, message.bytes) }

  /// Bytes that are copied once, however many there are.
  mutating func add(_ field: UInt64, raw: UnsafeRawBufferPointer) {
    varint(field << 3 | 2)
    varint(UInt64(raw.count))
    bytes.append(contentsOf: raw)
  }
}
