import Fovea

extension KindCatalog {
  /// Each kind with its settings.
  ///
  /// - Parameter width: of the terminal, in columns; nil where lines may be of any length.
  func text(width: Int?) -> String {
    sorts.filter { !$0.kinds.isEmpty }.map { sort in
      ([sort.title] + sort.kinds.map { Self.text($0, width) }).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// Each kind in a line.
  func overview(width: Int?) -> String {
    sorts.filter { !$0.kinds.isEmpty }.map { sort in
      var table = TextTable([("", .left), ("", .left)])
      for kind in sort.kinds { table.add([kind.kind, kind.summary]) }
      let lines = Self.indented(by: 2, width) { table.lines(width: $0) }
      return (["\(sort.title) (\(sort.name))"] + lines).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func text(_ kind: Kind, _ width: Int?) -> String {
    var lines = ["  \(kind.kind)  (\(kind.origin))"]
    if !kind.summary.isEmpty {
      lines += indented(by: 6, width) { width in width.map { kind.summary.wrapped(to: $0) } ?? [kind.summary] }
    }
    if !kind.keys.isEmpty {
      var table = TextTable([("setting", .left), ("default", .left), ("may be", .left), ("meaning", .left)])
      for key in kind.keys { table.add([key.key, key.defaultText, key.legal, key.meaning]) }
      lines += indented(by: 6, width) { table.lines(width: $0) }
    }
    return lines.joined(separator: "\n")
  }

  private static func indented(by indent: Int, _ width: Int?, _ lines: (Int?) -> [String]) -> [String] {
    // On a narrow terminal, the words need the room.
    let indent = width.map { $0 < 60 ? min(indent, 2) : indent } ?? indent
    return lines(width.map { $0 - indent }).map { String(repeating: " ", count: indent) + $0 }
  }
}
