import FoveaCore

/// A number that changes with every bit of what is added, to find damage; it is no proof against forgery.
///
/// h ← rotate(h ⊕ word, 29) · 0x100000001B3 for each 64-bit word. Each step maps different h to different ones, so that no
/// single damaged word goes unseen.
/// Source: after Fowler, Noll, Vo's FNV-1a. Deviates: takes words instead of bytes, and rotates, so that two flips of
/// the highest bit do not cancel.
struct Checksum {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    let mixed = value ^ word
    value = (mixed << 29 | mixed >> 35) &* 0x100_0000_01B3
  }

  mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// The tensor's shape and the bits of its elements, two to a word.
  mutating func add(_ tensor: Tensor) {
    add(UInt64(tensor.shape.rank))
    for extent in tensor.shape.dimensions { add(UInt64(extent)) }
    tensor.withUnsafeFloats { floats in
      for i in stride(from: 0, to: floats.count - 1, by: 2) {
        add(UInt64(floats[i].bitPattern) | UInt64(floats[i + 1].bitPattern) << 32)
      }
      if !floats.count.isMultiple(of: 2) { add(UInt64(floats[floats.count - 1].bitPattern)) }
    }
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Checksum {
  /// Of all that a model file says: the document, and each tensor with its name, sorted.
  init(document: String, tensors: [String: Tensor]) {
    add(document)
    for (name, tensor) in tensors.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      add(name)
      add(tensor)
    }
  }
}
