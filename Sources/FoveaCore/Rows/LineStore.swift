/// Rows as lines of text, in a file or on standard output.
final class LineStore: RowStore {
  /// Where what is not made here comes from: what stands before and behind the rows of a file of the same run.
  private struct Frame {
    let header: [UInt8]
    let footer: [UInt8]
  }

  private var lines: (any RowLines)?
  private var frame: Frame?
  private let place: RowPlan.Place
  private var file: GrowingFile?
  private var parts: [String: FileReader] = [:]

  init(_ lines: any RowLines, to place: RowPlan.Place) {
    self.lines = lines
    self.place = place
  }

  /// Takes what stands before and behind the rows from a file.
  ///
  /// - Parameter rows: where these lie in it.
  init(like path: String, rows: Range<Int>, to place: RowPlan.Place) throws(FileError) {
    let part = try FileReader(path)
    frame = Frame(
      header: try part.read(at: 0, count: rows.lowerBound),
      footer: try part.read(at: rows.upperBound, count: max(part.count - rows.upperBound, 0)))
    self.place = place
  }

  var measuredRows: Int { lines?.measuredRows ?? 0 }
  func measure(_ rows: [ResultRow]) { lines?.measure(rows) }
  var measured: String? { lines?.measured }

  func begin(measured: String?) throws {
    if let measured { lines?.restore(measured) }
    switch place {
    case .standardOutput: file = GrowingFile()
    case .file(let path): file = try GrowingFile(new: path)
    }
    if let frame { try file?.append(frame.header) } else { try append(lines?.header) }
  }

  func resume(behind mark: RowMark, measured: String?) throws {
    guard case .file(let path) = place else { return }
    if let measured { lines?.restore(measured) }
    file = try GrowingFile(path, keeping: mark.end)
  }

  var end: Int { file?.end ?? 0 }
  var visibleEnd: Int { file?.written ?? 0 }

  func append(_ row: ResultRow) throws {
    try append(lines?.line(row))
    if file?.isTerminal == true { try flush() }
  }

  func append(row number: Int, range: Range<Int>, of path: String) throws {
    let part: FileReader
    if let known = parts[path] { part = known } else { part = try FileReader(path) }
    parts[path] = part
    try file?.append(part.read(at: range.lowerBound, count: range.count))
  }

  func flush() throws { try file?.flush() }
  func sync() throws { try file?.sync() }

  func finish() throws {
    if let frame { try file?.append(frame.footer) } else { try append(lines?.footer) }
    try sync()
    file = nil
  }

  private func append(_ line: String?) throws {
    guard let line else { return }
    try file?.append(Array(line.utf8) + [0x0A])
  }
}
