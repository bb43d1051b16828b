/// zlib's and other packings in their plainest form, enough to be read by any decoder.
enum Packing {
  /// Stored blocks (RFC 1950 and 1951).
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    let parts = stride(from: 0, to: max(bytes.count, 1), by: 65_535).map {
      bytes[$0..<min($0 + 65_535, bytes.count)]
    }
    for (index, part) in parts.enumerated() {
      let count = UInt16(part.count)
      result.append(index == parts.count - 1 ? 1 : 0)
      result += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)] + part
    }
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return result + [UInt8(b >> 8), UInt8(b & 0xFF), UInt8(a >> 8), UInt8(a & 0xFF)]
  }

  /// TIFF 6.0, section 9: literal runs only.
  static func packBits(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: 128).flatMap { start -> [UInt8] in
      let part = bytes[start..<min(start + 128, bytes.count)]
      return [UInt8(part.count - 1)] + part
    }
  }

  /// TIFF 6.0, section 13: a clear code before every 200 bytes, so that all codes have 9 bits.
  static func lzw(_ bytes: [UInt8]) -> [UInt8] {
    var codes: [UInt16] = []
    for (index, byte) in bytes.enumerated() {
      if index % 200 == 0 { codes.append(256) }
      codes.append(UInt16(byte))
    }
    return bits((bytes.isEmpty ? [256] : codes) + [257], width: 9)
  }

  /// Numbers of so many bits, the highest bit first, filled up to a byte.
  static func bits(_ values: [UInt16], width: Int) -> [UInt8] {
    var result: [UInt8] = []
    var (buffer, held) = (UInt32(0), 0)
    for value in values {
      buffer = buffer << UInt32(width) | UInt32(value)
      held += width
      while held >= 8 {
        held -= 8
        result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(held)))
      }
    }
    if held > 0 { result.append(UInt8(truncatingIfNeeded: buffer << UInt32(8 - held))) }
    return result
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var value: UInt32 = .max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
