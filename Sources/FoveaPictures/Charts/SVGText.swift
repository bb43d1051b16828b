import FoveaCore

/// The pieces that charts are written of: SVG that needs nothing from elsewhere.
enum SVGText {
  /// A name as text of a page or of a picture, in which control characters and two others are not even allowed.
  static func escape(_ text: String) -> String {
    text.printable.replacing("\u{FFFE}", with: "\u{FFFD}").replacing("\u{FFFF}", with: "\u{FFFD}")
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A file beside the page as an address: what has a meaning of its own in one is written by its bytes.
  static func address(_ file: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_.~/".utf8.contains(byte)
    }
    return file.utf8.reduce(into: "") { text, byte in
      let digits = String(byte, radix: 16, uppercase: true)
      text += isPlain(byte) ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
  }

  /// Tenths of a pixel are enough.
  static func number(_ value: Double) -> String {
    let tenths = (value.isFinite ? min(max(value, -1e6), 1e6) : 0) * 10
    let rounded = Int(tenths.rounded())
    let fraction = abs(rounded % 10)
    let sign = rounded < 0 && rounded > -10 ? "-" : ""
    return sign + "\(rounded / 10)" + (fraction == 0 ? "" : ".\(fraction)")
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"\(color)\"/>"
  }

  /// - Parameter anchor: `start`, `middle` or `end`.
  static func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Int = 13, color: String = ink,
    more: String = ""
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" font-size=\"\(size)\" fill=\"\(color)\"\(more)>"
      + escape(text) + "</text>"
  }

  static func document(width: Int, height: Int, title: String, _ elements: [String]) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
    font-family="Helvetica, Arial, sans-serif" role="img">
    <title>\(escape(title))</title>
    <rect width="\(width)" height="\(height)" fill="#ffffff"/>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  static let ink = "#1f242b"
  static let quiet = "#5f6873"
  static let grid = "#e3e7eb"
  static let empty = "#f4f6f8"
  /// Told apart by color-blind eyes too. Source: M. Okabe, K. Ito, "Color Universal Design", 2008.
  static let series = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#1f242b"]
  /// The same on a dark ground.
  static let darkSeries = ["#5cb3f0", "#f08a4b", "#35c99a", "#e29cc4", "#9ad4f5", "#f2bd4d", "#e8ebef"]
}
