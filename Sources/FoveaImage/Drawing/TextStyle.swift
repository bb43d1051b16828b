import COpenCV

/// How text is drawn: in strokes of one font.
public struct TextStyle: Sendable, Hashable {
  public var color: Color
  /// How tall capitals are, in pixels; they are legible from about 8.
  public var capHeight: Double
  /// Of the strokes, in pixels.
  public var thickness: Int

  public init(color: Color = .black, capHeight: Double = 10, thickness: Int = 1) {
    self.color = color
    self.capHeight = capHeight
    self.thickness = thickness
  }

  /// What a line of text takes, in pixels.
  public struct Extent: Sendable, Hashable {
    public var width: Int
    /// Above the baseline.
    public var ascent: Int
    /// Below the baseline.
    public var descent: Int

    public var height: Int { ascent + descent }
  }

  /// What `text` takes when it is drawn in this style.
  public func extent(of text: String) -> Extent {
    var (width, ascent, descent): (Int32, Int32, Int32) = (0, 0, 0)
    let status = fcv_text_size(Self.drawable(text), scale, shimThickness, &width, &ascent, &descent, nil)
    guard status == FCV_OK else { return Extent(width: 0, ascent: 0, descent: 0) }
    // OpenCV measures capitals; parentheses reach 4 units above them and 7 below the baseline.
    let stroke = Double(thickness) / 2
    return Extent(
      width: text.isEmpty ? 0 : Int(width), ascent: Int((25 * scale + stroke).rounded(.up)),
      descent: Int((7 * scale + stroke).rounded(.up)))
  }

  /// The font's capitals are 21 units tall.
  var scale: Double { capHeight.isFinite ? min(max(capHeight, 1), 1000) / 21 : 1 }
  var shimThickness: Int32 { Int32(min(max(thickness, 1), 255)) }

  /// The font has ASCII only.
  static func drawable(_ text: String) -> String {
    let substitutes: [Character: String] = [
      "×": "x", "−": "-", "–": "-", "—": "-", "…": "..", "→": "->", "·": "*", "≤": "<=", "≥": ">=", "±": "+-",
      "’": "'", "“": "\"", "”": "\"", "\n": " ", "\t": " ",
    ]
    return text.map { character in
      if let byte = character.asciiValue, (32...126).contains(byte) { return String(character) }
      return substitutes[character] ?? "?"
    }.joined()
  }
}
