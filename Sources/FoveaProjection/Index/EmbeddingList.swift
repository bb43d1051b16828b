public import FoveaCore

extension EmbeddingFile {
  /// What the points are of, all or some of them.
  ///
  /// - Parameter points: nil for all.
  /// - Returns: by point.
  /// - Throws: ``FileError`` where the list beside the array is missing, is not whole, or is none.
  public func entries(of points: Set<Int>? = nil) throws(FileError) -> [Int: Entry] {
    let list = path + ".jsonl"
    let reader = try FileReader(list)
    var entries: [Int: Entry] = [:]
    var (line, point) = (0, 0)
    var rest: [UInt8] = []
    var offset = 0
    let wanted = points?.count ?? count
    while point < count, entries.count < wanted {
      guard let end = rest.firstIndex(of: 0x0A) else {
        let size = min(1 << 20, reader.count - offset)
        guard size > 0, rest.count < 1 << 24 else {
          throw .unreadable(path: list, reason: "it has fewer lines than '\(path)' has rows")
        }
        rest += try reader.read(at: offset, count: size)
        offset += size
        continue
      }
      var begin = rest.startIndex
      var next: Int? = end
      while let stop = next, point < count {
        if line == row(of: point) {
          if points?.contains(point) ?? true { entries[point] = try entry(rest[begin..<stop], line, list) }
          point += 1
        }
        line += 1
        begin = stop + 1
        next = rest[begin...].firstIndex(of: 0x0A)
      }
      rest.removeSubrange(..<begin)
    }
    return entries
  }

  private func entry(_ bytes: ArraySlice<UInt8>, _ line: Int, _ list: String) throws(FileError) -> Entry {
    guard let value = try? ConfigurationValue(json: Array(bytes)), case .object(let members) = value,
      case .string(let path)? = members["path"]
    else { throw .unreadable(path: list, reason: "line \(line + 1) is no row of a run") }
    if case .string(let label)? = members["label"] { return Entry(path: path, label: label) }
    return Entry(path: path, label: nil)
  }
}
