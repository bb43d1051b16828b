/// Reads JSON piece by piece, strictly: what `JSONDecoder` lets pass in a file from outside is an error here.
///
/// A key that comes twice, text that is no valid UTF-8 and numbers beyond their type are refused, with their place.
package struct JSONScanner {
  /// What is wrong, and at which byte.
  package struct Failure: Error, Equatable {
    package let offset: Int
    package let problem: String
  }

  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package func failure(_ problem: String) -> Failure { Failure(offset: position, problem: problem) }

  /// The next byte that is no white space, without taking it.
  package mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  /// Takes `character` if it comes next.
  package mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ character: Unicode.Scalar, _ what: String) throws(Failure) {
    guard take(character) else { throw failure("expected '\(character)' \(what), but \(found())") }
  }

  package mutating func expectEnd() throws(Failure) {
    guard peek() == nil else { throw failure("expected nothing more, but \(found())") }
  }

  private mutating func found() -> String {
    guard let byte = peek() else { return "the text ends" }
    return (0x21..<0x7F).contains(byte) ? "found '\(Unicode.Scalar(byte))'" : "found byte \(byte)"
  }

  /// Reads `{…}`; `member` reads the value of each key.
  package mutating func object(
    _ member: (inout JSONScanner, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{", "to open an object")
    if take("}") { return }
    var keys = Set<String>()
    repeat {
      _ = peek()
      let start = position
      let key = try string()
      guard keys.insert(key).inserted else { throw Failure(offset: start, problem: "the key '\(key)' comes twice") }
      try expect(":", "after the key '\(key)'")
      try member(&self, key)
    } while take(",")
    try expect("}", "to close an object")
  }

  /// Reads `[…]`; `element` reads each value.
  package mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try expect("[", "to open a list")
    if take("]") { return }
    repeat { try element(&self) } while take(",")
    try expect("]", "to close a list")
  }

  /// Reads `true`, `false` or `null`.
  package mutating func word(_ word: StaticString) throws(Failure) {
    let start = position
    for i in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == word.utf8Start[i] else {
        throw Failure(offset: start, problem: "expected '\(word)'")
      }
      position += 1
    }
  }

  /// Reads a whole number of at least zero.
  package mutating func count() throws(Failure) -> Int {
    _ = peek()
    let start = position
    guard case .integer(let value) = try number(), value >= 0 else {
      throw Failure(offset: start, problem: "expected a whole number of at least zero")
    }
    return value
  }

  /// Reads a number: an integer where it is written as one, else a finite floating-point number.
  package mutating func number() throws(Failure) -> ConfigurationValue {
    _ = peek()
    let start = position
    func fail(_ problem: String) -> Failure { Failure(offset: start, problem: problem) }
    var isWhole = true
    _ = takeByte("-")
    let first = position
    guard takeDigits() else { throw failure("expected a number, but \(found())") }
    guard bytes[first] != UInt8(ascii: "0") || position == first + 1 else {
      throw fail("a number must not start with zeros")
    }
    if takeByte(".") {
      isWhole = false
      guard takeDigits() else { throw fail("a number must have digits after its point") }
    }
    if takeByte("e") || takeByte("E") {
      isWhole = false
      _ = takeByte("+") || takeByte("-")
      guard takeDigits() else { throw fail("a number must have digits in its exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole {
      guard let integer = Int(text) else { throw fail("the number \(text.prefix(40)) does not fit 64 bits") }
      return .integer(integer)
    }
    guard let double = Double(text), double.isFinite else { throw fail("the number \(text.prefix(40)) is too large") }
    return .number(double)
  }

  private mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func takeDigits() -> Bool {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position > start
  }

  package mutating func string() throws(Failure) -> String {
    try expect("\"", "to open a text")
    let start = position
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else { throw failure("the text is not closed") }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let result = String(validating: text, as: UTF8.self) else {
          throw Failure(offset: start, problem: "the text is no valid UTF-8")
        }
        return result
      case UInt8(ascii: "\\"):
        position += 1
        try text.append(contentsOf: String(escape()).utf8)
      case 0..<0x20: throw failure("control characters must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard position < bytes.count else { throw failure("the text is not closed") }
    defer { position += 1 }
    switch Unicode.Scalar(bytes[position]) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try escapedScalar()
    default: throw failure("unknown escape sequence")
    }
  }

  /// Reads what follows `\u`, and a second half where there is one; leaves the position at the last digit.
  private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
    let high = try hexadecimal()
    if let scalar = Unicode.Scalar(high) { return scalar }
    let next = position + 1
    if high < 0xDC00, next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"), bytes[next + 1] == UInt8(ascii: "u") {
      position = next + 1
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw failure("half a surrogate pair")
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      position += 1
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure("'\\u' must be followed by four hexadecimal digits")
      }
      value = value << 4 + UInt32(digit)
    }
    return value
  }
}
