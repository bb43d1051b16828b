/// A path as the system has it: bytes, which need not be text.
///
/// Names come from archives and disks of other systems, and in other encodings than UTF-8.
public struct FilePath: Sendable, Hashable, CustomStringConvertible {
  public let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }

  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// The path as text: a byte that is no UTF-8 is written as `\xE9`, and a backslash as `\x5C` where it would look like the
  /// beginning of such a byte. So two paths are never the same text.
  public var description: String {
    if let text = String(validating: bytes, as: UTF8.self), !bytes.indices.contains(where: beginsEscape) { return text }
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid where beginsEscape(position):
        text += bytes[position].escaped
        position += 1
      case .valid(let encoded):
        text.unicodeScalars.append(UTF8.decode(encoded))
        position += encoded.count
      case .error(let length):
        text += bytes[position..<position + length].map(\.escaped).joined()
        position += length
      case .emptyInput: return text
      }
    }
  }

  /// Whether `\xE9` stands there, letter by letter.
  private func beginsEscape(_ position: Int) -> Bool {
    guard bytes[position] == UInt8(ascii: "\\"), position + 3 < bytes.count, bytes[position + 1] == UInt8(ascii: "x")
    else { return false }
    return bytes[position + 2...position + 3].allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }

  /// The path of something in this folder.
  public func appending(_ name: some Sequence<UInt8>) -> FilePath {
    FilePath(bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name)
  }

  /// What stands behind the last slash.
  package var lastName: ArraySlice<UInt8> {
    bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes[...]
  }

  /// The system would take the part before a zero byte for the path.
  package var holdsZero: Bool { bytes.contains(0) }

  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress!) }
  }
}
