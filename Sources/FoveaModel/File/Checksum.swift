import CZlib
package import FoveaCore

/// What a file says of its own content, to find damage; it is no proof against forgery.
///
/// Two CRC-32, as zlib, gzip and `crc32` compute them, of eight hexadecimal digits each: of the document without its checksum
/// and the tensors' names, and of the tensors as they lie in the file, sorted by name, which is all that follows its header.
package struct Checksum {
  package let text: String

  package init(document: String, tensors: [String: Tensor]) {
    var (words, data) = (CRC32(), CRC32())
    words.add(document)
    for (name, tensor) in tensors.sortedByName {
      words.add(name)
      tensor.withUnsafeBytes { data.add($0) }
    }
    text = words.value.hexadecimal + data.value.hexadecimal
  }

  /// Whether `text` is the checksum of this content, by today's rule or that of older files.
  package static func matches(_ text: String, document: String, tensors: [String: Tensor]) -> Bool {
    text == Checksum(document: document, tensors: tensors).text
      || text == OldChecksum(document: document, tensors: tensors).value.hexadecimal
  }
}

private struct CRC32 {
  private var state: UInt = 0

  var value: UInt32 { UInt32(truncatingIfNeeded: state) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // zlib takes no address for the wish to begin anew.
    guard let start = bytes.baseAddress else { return }
    state = crc32_z(state, start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  mutating func add(_ text: String) { Array(text.utf8).withUnsafeBytes { add($0) } }
}

/// What older files hold, of the document and of each tensor's name, shape and elements.
///
/// h ← rotate(h ⊕ word, 29) · 0x100000001B3 for each 64-bit word, after Fowler, Noll, Vo's FNV-1a.
private struct OldChecksum {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  init(document: String, tensors: [String: Tensor]) {
    add(document)
    for (name, tensor) in tensors.sortedByName {
      add(name)
      add(tensor)
    }
  }

  private mutating func add(_ word: UInt64) {
    let mixed = value ^ word
    value = (mixed << 29 | mixed >> 35) &* 0x100_0000_01B3
  }

  private mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// The tensor's shape and the bits of its elements, two to a word.
  private mutating func add(_ tensor: Tensor) {
    add(UInt64(tensor.shape.rank))
    for extent in tensor.shape.dimensions { add(UInt64(extent)) }
    tensor.withUnsafeFloats { floats in
      for i in stride(from: 0, to: floats.count - 1, by: 2) {
        add(UInt64(floats[i].bitPattern) | UInt64(floats[i + 1].bitPattern) << 32)
      }
      if !floats.count.isMultiple(of: 2) { add(UInt64(floats[floats.count - 1].bitPattern)) }
    }
  }
}

extension [String: Tensor] {
  /// As they lie in a file.
  fileprivate var sortedByName: [(key: String, value: Tensor)] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}

extension FixedWidthInteger {
  /// All digits, leading zeros too.
  fileprivate var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
  }
}
