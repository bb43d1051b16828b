/// Reads the words of a Netpbm file: numbers, between which lie white space and comments.
struct PNMText {
  private static let most = 1 << 32

  private let bytes: [UInt8]
  private(set) var offset: Int

  init(_ bytes: [UInt8], from offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The next number, or nil where none follows. What is far beyond any limit stays just that.
  mutating func number() -> Int? {
    skipSpace()
    var value: Int?
    while offset < bytes.count, (48...57).contains(bytes[offset]) {
      value = min((value ?? 0) * 10 + Int(bytes[offset] - 48), Self.most)
      offset += 1
    }
    return value
  }

  /// The next digit, which need not be parted from others.
  mutating func digit() -> Int? {
    skipSpace()
    guard offset < bytes.count, (48...57).contains(bytes[offset]) else { return nil }
    offset += 1
    return Int(bytes[offset - 1] - 48)
  }

  /// One white space; a comment counts as the end of its line.
  mutating func skipSeparator() -> Bool {
    skipComment()
    guard offset < bytes.count, Self.isSpace(bytes[offset]) else { return false }
    offset += 1
    return true
  }

  /// The rest of this line; nil behind the last.
  mutating func line() -> String? {
    guard offset < bytes.count else { return nil }
    let end = bytes[offset...].firstIndex(of: 10) ?? bytes.count
    defer { offset = min(end + 1, bytes.count) }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      if Self.isSpace(bytes[offset]) {
        offset += 1
      } else if bytes[offset] == UInt8(ascii: "#") {
        skipComment()
      } else {
        return
      }
    }
  }

  /// Up to the end of the line, which stays.
  private mutating func skipComment() {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "#") else { return }
    while offset < bytes.count, bytes[offset] != 10, bytes[offset] != 13 { offset += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
