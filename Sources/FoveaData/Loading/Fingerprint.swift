/// A number that stands for texts in order. Source: G. Fowler, L. Noll, K.-P. Vo, "FNV hash", 1991, the 64-bit FNV-1a.
struct Fingerprint {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) {
    // A zero ends each, so that "a", "bc" is not "ab", "c".
    for byte in Array(text.utf8) + [0] { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
