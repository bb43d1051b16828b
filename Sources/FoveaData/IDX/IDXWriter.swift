import CZlib
import FoveaCore

/// Writes arrays of unsigned bytes as IDX files, to make data sets of one's own.
public enum IDXWriter {
  /// The file's contents, plain.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:got:)`` where the bytes do not fill the dimensions.
  public static func encode(_ bytes: [UInt8], dimensions: [Int]) throws(DataError) -> [UInt8] {
    let count = (try? Shape(checking: dimensions))?.count
    guard count == bytes.count, (1...255).contains(dimensions.count),
      dimensions.allSatisfy({ $0 <= UInt32.max })
    else {
      throw .invalidSetting(
        name: "dimensions", expected: "1 to 255 extents with a product of \(bytes.count)", got: "\(dimensions)")
    }
    var file: [UInt8] = [0, 0, IDXFile.Element.unsignedByte.rawValue, UInt8(dimensions.count)]
    for extent in dimensions {
      file += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
    }
    return file + bytes
  }

  /// Writes the array, gzipped where `path` ends in `.gz`, as a file that appears whole or not at all.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:got:)``, ``DataError/unwritable(path:reason:)``
  public static func write(_ bytes: [UInt8], dimensions: [Int], to path: String) throws(DataError) {
    var contents = try encode(bytes, dimensions: dimensions)
    if path.hasSuffix(".gz") { contents = try compress(contents, path: path) }
    do throws(FileError) {
      let file = try AtomicFile(path)
      try file.write(contents)
      try file.commit()
    } catch {
      switch error {
      case .unreadable(let path, let reason, _), .unwritable(let path, let reason):
        throw .unwritable(path: path, reason: reason)
      }
    }
  }

  /// The same bytes as a gzip file.
  static func compress(_ contents: [UInt8], path: String) throws(DataError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for the gzip wrapper; 8 is zlib's usual memory level.
    var status = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK, contents.count <= UInt32.max else {
      throw .unwritable(path: path, reason: "zlib cannot pack \(contents.count) bytes in one piece; leave '.gz' out")
    }
    defer { deflateEnd(&stream) }
    var input = contents
    let packed = [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(contents.count)))) {
      target, count in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        status = deflate(&stream, Z_FINISH)
      }
      count = Int(stream.total_out)
    }
    guard status == Z_STREAM_END else {
      throw .unwritable(path: path, reason: "zlib could not pack it (status \(status))")
    }
    return packed
  }
}
