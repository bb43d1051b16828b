import FoveaCore

/// An array from an IDX file, the format of MNIST: any rank, any of its six types, plain or gzipped.
///
/// The first axis counts the items. What is larger than `memoryLimit` stays on disk and is read item by item, so that
/// memory does not grow with the file; a gzipped file is then unpacked into a temporary file without a name.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST Database", file formats.
public struct IDXFile: Sendable {
  /// The type of an array's elements; all but the bytes are big-endian.
  public enum Element: UInt8, Sendable, CaseIterable {
    case unsignedByte = 0x08
    case signedByte = 0x09
    case short = 0x0B
    case int = 0x0C
    case float = 0x0D
    case double = 0x0E

    public var byteCount: Int {
      switch self {
      case .unsignedByte, .signedByte: 1
      case .short: 2
      case .int, .float: 4
      case .double: 8
      }
    }

    public var isInteger: Bool { self != .float && self != .double }
  }

  public let path: String
  public let element: Element
  /// Outermost first; at least one.
  public let dimensions: [Int]
  private let storage: Storage

  private enum Storage {
    case memory(ByteBlock)
    case file(FileReader, offset: Int)
  }

  /// 256 MiB: more than MNIST needs, and little beside what a program takes to train.
  public static let defaultMemoryLimit = 256 << 20

  /// - Throws: ``DataError`` where the file cannot be read, is no IDX file, is damaged, or holds less or more than its
  ///   header promises.
  public init(path: String, memoryLimit: Int = defaultMemoryLimit) throws(DataError) {
    try self.init(GzipReader(path: path), memoryLimit: memoryLimit)
  }

  /// The array in `bytes`; `name` stands for the path in errors.
  public init(
    bytes: [UInt8], name: String = "bytes", memoryLimit: Int = defaultMemoryLimit
  ) throws(DataError) {
    try self.init(GzipReader(bytes: bytes, name: name), memoryLimit: memoryLimit)
  }

  private init(_ reader: GzipReader, memoryLimit: Int) throws(DataError) {
    path = reader.name
    let header = try IDXHeader(reader)
    element = header.element
    dimensions = header.dimensions
    // What the header promises is held against the file before any memory is taken for it.
    if !reader.isCompressed {
      guard reader.storedByteCount >= header.totalByteCount else {
        throw .truncated(path: path, expected: header.totalByteCount, got: reader.storedByteCount)
      }
      guard reader.storedByteCount == header.totalByteCount else {
        throw .trailingBytes(path: path, expected: header.totalByteCount)
      }
    } else {
      let most = reader.storedByteCount.multipliedReportingOverflow(by: GzipReader.greatestRatio)
      guard most.overflow || most.partialValue >= header.totalByteCount else {
        throw .truncated(path: path, expected: header.totalByteCount, got: reader.storedByteCount)
      }
    }
    if header.dataByteCount <= memoryLimit {
      storage = .memory(try Self.read(header, from: reader))
    } else if let file = reader.plainFile {
      storage = .file(file, offset: header.byteCount)
    } else {
      storage = .file(try Self.unpack(header, from: reader), offset: 0)
    }
  }

  /// The number of items: the extent of the first axis.
  public var count: Int { dimensions[0] }

  /// The shape of one item; empty where each is one number.
  public var itemDimensions: [Int] { Array(dimensions.dropFirst()) }

  /// Bytes of one item.
  public var itemByteCount: Int { dimensions.dropFirst().reduce(element.byteCount, *) }

  /// Copies items `range` as they are stored, one after the other.
  ///
  /// - Throws: ``DataError`` where the array lies on disk and cannot be read any more.
  public func copyItems(
    _ range: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws(DataError) {
    precondition(
      (0...count).contains(range.lowerBound) && range.upperBound <= count
        && target.count == range.count * itemByteCount, "items \(range) of \(dimensions)")
    let start = range.lowerBound * itemByteCount
    switch storage {
    case .memory(let block):
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: block.bytes[start..<start + target.count]))
    case .file(let file, let offset):
      let got: Int
      do { got = try file.read(upTo: target, at: offset + start) } catch { throw DataError(error) }
      guard got == target.count else {
        throw .truncated(path: path, expected: offset + start + target.count, got: offset + start + got)
      }
    }
  }

  /// The bytes of items `range` as they are stored.
  public func bytes(of range: Range<Int>) throws(DataError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: range.count * itemByteCount)
    let status = result.withUnsafeMutableBytes { target in
      Result { () throws(DataError) in try copyItems(range, into: target) }
    }
    try status.get()
    return result
  }

  /// The elements of items `range` as numbers, whatever their type.
  public func numbers(of range: Range<Int>) throws(DataError) -> [Double] {
    let bytes = try bytes(of: range)
    return stride(from: 0, to: bytes.count, by: element.byteCount).map { element.number(bytes[$0...]) }
  }

  private static func read(_ header: IDXHeader, from reader: GzipReader) throws(DataError) -> ByteBlock {
    guard let block = ByteBlock(byteCount: header.dataByteCount) else {
      throw .tooLarge(path: reader.name, dimensions: header.dimensions, limit: header.dataByteCount)
    }
    let got = try reader.read(into: block.bytes)
    guard got == header.dataByteCount else {
      throw .truncated(path: reader.name, expected: header.totalByteCount, got: header.byteCount + got)
    }
    // One byte more is asked for, so that gzip's checksum at the end is verified.
    var extra: UInt8 = 0
    let surplus = withUnsafeMutableBytes(of: &extra) { target in
      Result { () throws(DataError) in try reader.read(into: target) }
    }
    guard try surplus.get() == 0 else { throw .trailingBytes(path: reader.name, expected: header.totalByteCount) }
    return block
  }

  private static func unpack(_ header: IDXHeader, from reader: GzipReader) throws(DataError) -> FileReader {
    let file: FileReader
    do {
      file = try FileReader(unnamedFor: reader.name) { append in
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { chunk.deallocate() }
        var total = 0
        // Hardly more than is wanted, however much there is.
        while total <= header.dataByteCount {
          let count = try reader.read(into: chunk)
          if count == 0 { break }
          try append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
          total += count
        }
      }
    } catch let error as DataError { throw error } catch let error as FileError { throw DataError(error) } catch {
      throw .unreadable(path: reader.name, reason: "\(error)")
    }
    guard file.count >= header.dataByteCount else {
      throw .truncated(
        path: reader.name, expected: header.totalByteCount, got: header.byteCount + file.count)
    }
    guard file.count == header.dataByteCount else {
      throw .trailingBytes(path: reader.name, expected: header.totalByteCount)
    }
    return file
  }
}

extension IDXFile.Element {
  /// The first element in `bytes`.
  func number(_ bytes: ArraySlice<UInt8>) -> Double {
    let bits = bytes.prefix(byteCount).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return switch self {
    case .unsignedByte: Double(bits)
    case .signedByte: Double(Int8(truncatingIfNeeded: bits))
    case .short: Double(Int16(truncatingIfNeeded: bits))
    case .int: Double(Int32(truncatingIfNeeded: bits))
    case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .double: Double(bitPattern: bits)
    }
  }
}
