/// The cyclic redundancy check of PNG's chunks.
///
/// Source: PNG specification, third edition (W3C), section 5.5: polynomial EDB88320, reflected, all ones in and out.
enum PNGChecksum {
  private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
    (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  static func of(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    let value = table.withUnsafeBufferPointer { table in
      bytes[range].withUnsafeBufferPointer { bytes in
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ (value >> 8) }
        return value
      }
    }
    return Int(value ^ 0xFFFF_FFFF)
  }
}
