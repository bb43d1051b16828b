/// A number that stands for texts in order. Source: G. Fowler, L. Noll, K.-P. Vo, "FNV hash", 1991, the 64-bit FNV-1a.
package struct Fingerprint: Sendable {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  /// Of one text alone.
  package init(of text: String) { for byte in text.utf8 { add(byte) } }

  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    // A zero ends each, so that "a", "bc" is not "ab", "c".
    add(0)
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Of a file's bytes, eight at a time: the same function over words, little endian, the last one filled up with zeros.
  package static func ofFile(_ path: String) throws(FileError) -> UInt64 {
    let file = try FileReader(path)
    var value = Fingerprint().value ^ UInt64(file.count)
    for start in stride(from: 0, to: file.count, by: 1 << 20) {
      var bytes = try file.read(at: start, count: min(1 << 20, file.count - start))
      while bytes.count % 8 != 0 { bytes.append(0) }
      bytes.withUnsafeBytes { bytes in
        for place in stride(from: 0, to: bytes.count, by: 8) {
          let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          value = (value ^ word) &* 0x100_0000_01b3
          // The product alone would never bring the upper bits down.
          value ^= value >> 32
        }
      }
    }
    return value
  }
}

extension UInt64 {
  /// Sixteen digits.
  package var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
