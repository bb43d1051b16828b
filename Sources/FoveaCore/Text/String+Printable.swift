extension String {
  /// The text with `\x1B` for each byte of a character that is obeyed rather than shown; all else as it is.
  ///
  /// These are control characters, ends of lines and of paragraphs, and what turns the direction of the text after it. So a
  /// name from a file or from a stranger's model is one line in any table, and neither moves a terminal's cursor nor poses as
  /// another name.
  package var printable: String {
    replacingObeyed { $0.utf8.map(\.escaped).joined() }
  }

  /// The text of JSON with what encoders leave in strings although it is obeyed, as `\u009b`.
  ///
  /// Ends of lines stay, which JSON has between its values only.
  package var printableJSON: String { replacingObeyed { $0 == "\n" ? "\n" : $0.escapedForJSON } }

  /// The text as a string of JSON: in quotes, and with nothing in it that is obeyed.
  ///
  /// Foundation's encoder beside it (`ConfigurationValue.json`) keeps no order of names and no digits of a Float, which rows
  /// need, and it stays, since the checksums of model files and states are over each byte that it writes.
  package var quotedForJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.isObeyed: result += scalar.escapedForJSON
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func replacingObeyed(_ replacement: (Unicode.Scalar) -> String) -> String {
    guard unicodeScalars.contains(where: \.isObeyed) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isObeyed { result += replacement(scalar) } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}

extension UInt8 {
  /// `\xE9`, as in most languages.
  package var escaped: String { "\\x" + (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}

extension Unicode.Scalar {
  fileprivate var isObeyed: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// None that is obeyed lies beyond the first plane.
  fileprivate var escapedForJSON: String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
