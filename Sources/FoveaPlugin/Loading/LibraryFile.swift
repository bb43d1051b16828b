import FoveaCore

/// A look at a file before the system's loader maps it into memory: the loader trusts a library's own account of its
/// size, so that a truncated one would end the program.
enum LibraryFile {
  /// Size of the header, of one entry of the table of segments, and offsets in them, as elf(5) has them for 64 bits.
  private static let headerSize = 64
  private static let segmentSize = 56

  /// The library's name: `Swish` of `libSwish.so`.
  static func name(_ path: String) -> String {
    var name = PluginLoader.resolved(path).split(separator: "/").last.map(String.init) ?? ""
    if name.hasPrefix("lib") { name.removeFirst(3) }
    if name.hasSuffix(".so") { name.removeLast(3) }
    return name
  }

  /// - Throws: ``PluginError/unreadable(path:reason:)`` or ``PluginError/notALibrary(path:reason:)``.
  static func check(_ path: String) throws(PluginError) {
    let file: FileReader
    do { file = try FileReader(path) } catch {
      switch error {
      case .unreadable(_, let reason, _), .unwritable(_, let reason): throw .unreadable(path: path, reason: reason)
      }
    }
    let size = UInt64(file.count)

    let header = try read(file, at: 0, count: headerSize)
    guard header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw .notALibrary(path: path, reason: "it does not begin as one")
    }
    guard header.count == headerSize else { throw .notALibrary(path: path, reason: "it is truncated") }
    guard header[4] == 2, header[5] == 1 else {
      throw .notALibrary(path: path, reason: "it is not for a 64-bit little-endian machine")
    }
    guard number(header, 16, 2) == 3 else { throw .notALibrary(path: path, reason: "it cannot be loaded at run time") }

    let (start, count) = (number(header, 32, 8), Int(number(header, 56, 2)))
    guard start <= size, number(header, 54, 2) == segmentSize else {
      throw .notALibrary(path: path, reason: "it is damaged or truncated")
    }
    let table = try read(file, at: start, count: count * segmentSize)
    guard count > 0, table.count == count * segmentSize else {
      throw .notALibrary(path: path, reason: "it is truncated")
    }
    for segment in 0..<count {
      let (end, overflow) = number(table, segment * segmentSize + 8, 8)
        .addingReportingOverflow(number(table, segment * segmentSize + 32, 8))
      guard !overflow, end <= size else {
        throw .notALibrary(path: path, reason: "it is truncated: \(size) bytes, of which its contents need \(end)")
      }
    }
  }

  /// Fewer bytes than asked for where the file ends before.
  private static func read(_ file: FileReader, at offset: UInt64, count: Int) throws(PluginError) -> [UInt8] {
    let start = min(Int(clamping: offset), file.count)
    do { return try file.read(at: start, count: min(count, file.count - start)) } catch {
      throw .unreadable(path: file.path, reason: error.description)
    }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
