extension Unicode.Scalar {
  /// Whether a terminal gives it two columns. Source: Unicode Standard Annex 11, classes W and F, by blocks.
  fileprivate var isWide: Bool {
    if properties.isEmojiPresentation { return true }
    return switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
      0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension Character {
  /// How many columns of a terminal it takes: combining marks none of their own, ideographs and emoji two.
  package var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII && unicodeScalars.count == 1 { return 1 }
    if unicodeScalars.contains(where: { $0.isWide || $0 == "\u{FE0F}" }) { return 2 }
    return switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default: 1
    }
  }
}

extension StringProtocol {
  /// How many columns of a terminal the text takes.
  package var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension String {
  /// The text with spaces before or behind it, so that it takes so many columns.
  package func padded(to width: Int, atEnd: Bool = true) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - columns))
    return atEnd ? self + space : space + self
  }

  /// The text in lines of at most so many columns, broken between words; a word that is longer is broken behind one of
  /// `/-_,`, or where it must be. Nothing is left out but the spaces at which it is broken.
  package func wrapped(to width: Int) -> [String] {
    let width = Swift.max(width, 2)
    guard columns > width else { return [self] }
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.columns + 1 + word.columns <= width {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = String(word)
      while line.columns > width {
        let head = line.head(within: width)
        lines.append(String(head))
        line = String(line[head.endIndex...])
      }
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }

  /// What of a long word comes into one line.
  private func head(within width: Int) -> Substring {
    var taken = 0
    var end = startIndex
    var pause: Index?
    for index in indices {
      taken += self[index].columns
      guard taken <= width || end == startIndex else { break }
      end = self.index(after: index)
      if "/-_,".contains(self[index]) { pause = end }
    }
    // A pause early in the line would leave most of it empty.
    if let pause, self[..<pause].columns * 2 >= width { end = pause }
    return self[..<end]
  }
}
