/// Names of files as text. To the system they are bytes, which need be no UTF-8 and may move a terminal's cursor.
public enum FileName {
  /// The name with `\xE9` for each byte that is no UTF-8, or that belongs to a character which is not to be printed, such
  /// as a line's end; all else as it is.
  public static func printable(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(isPrintable) { return text }
    var result = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let scalar = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self)?.unicodeScalars.first }
        .first
      if let scalar, isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst(scalar.utf8.count)
      } else {
        let digits = String(rest.removeFirst(), radix: 16, uppercase: true)
        result += "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  public static func printable(_ name: String) -> String { printable(name.utf8) }

  // What ends a line, and what turns the direction of the text after it, is a control too.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    case .format: !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
    default: true
    }
  }
}
