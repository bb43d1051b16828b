// Text.
extension ONNXOperators {
  static let strings: [ONNXOperator] = [
    .one("StringConcat") { call in
      let (a, b, dimensions) = try call.pair()
      guard a.type == .string else { throw Problem("it takes text, but gets \(a.type.name)") }
      return ONNXTensor(zip(a.strings, b.strings).map { $0 + $1 }, dimensions)
    },
    .several("StringSplit") { call in
      let input = try call.tensor(0)
      guard input.type == .string else { throw Problem("it takes text, but gets \(input.type.name)") }
      let delimiter = try call.text("delimiter", default: "")
      let most = try call.int("maxsplit", default: Int(Int32.max))
      let rows = input.strings.map { parts($0, delimiter, most < 0 ? Int(Int32.max) : most) }
      let width = rows.map(\.count).max() ?? 0
      _ = try call.count(input.dimensions + [width])
      return [
        ONNXTensor(
          rows.flatMap { $0 + Array(repeating: "", count: width - $0.count) }, input.dimensions + [width]),
        ONNXTensor(rows.map { Int64($0.count) }, input.dimensions),
      ]
    },
  ]

  /// Without a delimiter, between any white space.
  private static func parts(_ text: String, _ delimiter: String, _ most: Int) -> [String] {
    if delimiter.isEmpty {
      let words = text.split(maxSplits: most, whereSeparator: \.isWhitespace).map(String.init)
      guard words.count > most, let last = words.last else { return words }
      return words.dropLast() + [String(last.drop(while: \.isWhitespace))]
    }
    var (result, rest) = ([String](), Substring(text))
    while result.count < most, let found = rest.range(of: delimiter) {
      result.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return result + [String(rest)]
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
