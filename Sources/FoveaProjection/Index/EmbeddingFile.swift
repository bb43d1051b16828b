public import FoveaCore

/// Embeddings in a file that `fovea embed` wrote: an array in NumPy's format, a row for each picture, and beside it
/// `FILE.jsonl`, with what each row is of. Rows are read when they are wanted.
///
/// As points, it is those of pictures that did not fail, or all rows.
public struct EmbeddingFile: PointSource {
  /// What a row is of.
  public struct Entry: Sendable, Equatable {
    public let path: String
    /// Nil where nobody has said what the picture shows.
    public let label: String?

    public init(path: String, label: String?) { (self.path, self.label) = (path, label) }
  }

  public let path: String
  /// Of the array, failed ones too.
  public let rows: Int
  public let dimensions: Int
  /// Nil where all rows are embeddings.
  private let present: [Int32]?
  private let reader: FileReader
  private let start: Int

  public var count: Int { present?.count ?? rows }

  private static let block = 1024
  private static let mostDimensions = 1 << 24

  /// - Parameter leavesOutFailed: whether rows of pictures that failed are no points, which takes a look at all rows; a search
  ///   finds none of them anyway.
  /// - Throws: ``FileError`` where the file is no array of float32 rows, or is shorter than it says.
  public init(_ path: String, leavesOutFailed: Bool = true) throws(FileError) {
    self.path = path
    reader = try FileReader(path)
    let head = try reader.read(at: 0, count: min(reader.count, 1 << 17))
    let (header, start) = try NumPyHeader.read(head, path: path)
    guard header.code == "f4", header.shape.count == 2, !header.isFortran, !header.isBigEndian else {
      throw .unreadable(
        path: path,
        reason: "it is no array of float32 rows, as 'fovea embed' writes it, but of type '\(header.code)' and "
          + "shape \(header.shape)")
    }
    let (rows, dimensions) = (header.shape[0], header.shape[1])
    let (rowBytes, isTooWide) = dimensions.multipliedReportingOverflow(by: MemoryLayout<Float>.size)
    let (bytes, isTooLong) = rows.multipliedReportingOverflow(by: rowBytes)
    guard (1...Self.mostDimensions).contains(dimensions), rows >= 0, rows <= Int(Int32.max), !isTooWide, !isTooLong,
      bytes <= reader.count - start
    else {
      throw .unreadable(
        path: path, reason: "its shape \(header.shape) needs more than the \(reader.count - start) bytes that it has")
    }
    (self.rows, self.dimensions, self.start) = (rows, dimensions, start)
    present = leavesOutFailed ? try Self.present(reader, start, rows, dimensions) : nil
  }

  /// The rows that hold numbers; nil where all do.
  private static func present(
    _ reader: FileReader, _ start: Int, _ rows: Int, _ dimensions: Int
  ) throws(FileError) -> [Int32]? {
    var present: [Int32] = []
    var buffer = [Float](repeating: 0, count: block * dimensions)
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      try fill(&buffer, count * dimensions) { target throws(FileError) in
        try reader.read(at: start + first * dimensions * MemoryLayout<Float>.size, into: target)
      }
      for row in 0..<count where buffer[row * dimensions].isFinite { present.append(Int32(first + row)) }
    }
    return present.count == rows ? nil : present
  }

  private static func fill(
    _ buffer: inout [Float], _ count: Int, _ read: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    var failure: FileError?
    buffer.withUnsafeMutableBytes { bytes in
      let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(count * MemoryLayout<Float>.size)])
      do throws(FileError) { try read(part) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// The number in the array of a point, from 0.
  public func row(of point: Int) -> Int { present.map { Int($0[point]) } ?? point }

  public func read(_ points: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws(ProjectionError) {
    var done = 0
    do throws(FileError) {
      while done < points.count {
        // As many as follow each other are read at once.
        let first = row(of: points.lowerBound + done)
        var count = 1
        while done + count < points.count, row(of: points.lowerBound + done + count) == first + count { count += 1 }
        let part = UnsafeMutableBufferPointer(rebasing: target[done * dimensions..<(done + count) * dimensions])
        try reader.read(
          at: start + first * dimensions * MemoryLayout<Float>.size, into: UnsafeMutableRawBufferPointer(part))
        done += count
      }
    } catch { throw .file(error) }
  }
}
