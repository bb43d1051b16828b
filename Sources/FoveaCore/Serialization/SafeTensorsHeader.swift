/// What a safetensors file says of itself: its metadata, and where each tensor lies.
///
/// Layout of the file: the header's length (8 bytes, little-endian), the header (JSON), then the tensors' bytes one
/// after the other, row-major and little-endian, without gaps. Offsets count from the header's end.
public struct SafeTensorsHeader: Sendable, Equatable {
  /// The types of numbers that are understood, by the format's names.
  public enum NumberType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case uint8 = "U8"
    case int8 = "I8"
    case bool = "BOOL"

    init(_ element: ElementType) {
      self =
        switch element {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int8: .int8
        case .uint8: .uint8
        case .int32: .int32
        case .int64: .int64
        case .bool: .bool
        }
    }

    /// What they are read as.
    public var element: ElementType {
      ElementType.allCases.first { Self($0) == self } ?? .float32
    }

    /// Bytes of one number in the file.
    public var byteCount: Int { self == .float64 ? 8 : element.byteCount }
  }

  public struct Entry: Sendable, Equatable {
    public let name: String
    public let type: NumberType
    public let shape: Shape
    /// In bytes from the header's end.
    public let range: Range<Int>
  }

  public let metadata: [String: String]
  /// In the order in which they lie in the file.
  public let entries: [Entry]

  /// As the format's reference implementation has it.
  static let longest = 100_000_000

  init(metadata: [String: String], entries: [Entry]) {
    self.metadata = metadata
    self.entries = entries
  }

  /// Reads the header's text and checks it against the number of bytes that follow it.
  init(json: [UInt8], dataByteCount: Int, file: String) throws(SafeTensorsError) {
    var metadata: [String: String] = [:]
    var raw: [RawEntry] = []
    do {
      var scanner = JSONScanner(json)
      try scanner.object { scanner, name throws(JSONScanner.Failure) in
        if name == "__metadata__" {
          try scanner.object { scanner, key throws(JSONScanner.Failure) in metadata[key] = try scanner.string() }
        } else {
          raw.append(try RawEntry(name: name, &scanner))
        }
      }
      try scanner.expectEnd()
    } catch {
      throw .invalidHeader(file: file, offset: error.offset, problem: error.problem)
    }
    var entries: [Entry] = []
    entries.reserveCapacity(raw.count)
    for entry in raw { entries.append(try entry.checked(file: file)) }
    // An empty tensor lies before what starts where it ends.
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let relation = entry.range.lowerBound < end ? "which overlaps the tensor before it" : "which leaves a gap"
        throw .invalidTensor(
          file: file, tensor: entry.name, expected: "its data to start at byte \(end)",
          got: "byte \(entry.range.lowerBound), \(relation)")
      }
      end = entry.range.upperBound
    }
    guard end == dataByteCount else {
      throw .invalidFile(
        file: file, expected: "\(end.counted("byte")) of tensors, as its header says",
        got: dataByteCount.counted("byte"))
    }
    self.init(metadata: metadata, entries: entries)
  }
}

/// A tensor's entry as it is written, before its numbers are believed.
private struct RawEntry {
  let name: String
  let type: String
  let dimensions: [Int]
  let offsets: [Int]

  /// No program makes tensors of more axes; an entry must not swell without bound.
  private static let mostAxes = 64

  init(name: String, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    var missing: Set = ["dtype", "shape", "data_offsets"]
    var (type, dimensions, offsets) = ("", [Int](), [Int]())
    try scanner.object { scanner, key throws(JSONScanner.Failure) in
      guard missing.remove(key) != nil else { throw scanner.failure("tensor '\(name)' has an unknown key '\(key)'") }
      switch key {
      case "dtype": type = try scanner.string()
      case "shape": dimensions = try Self.counts(&scanner, atMost: Self.mostAxes)
      default: offsets = try Self.counts(&scanner, atMost: 2)
      }
    }
    guard missing.isEmpty else {
      throw scanner.failure("tensor '\(name)' lacks \(missing.sorted().map { "'\($0)'" }.joined(separator: ", "))")
    }
    (self.name, self.type, self.dimensions, self.offsets) = (name, type, dimensions, offsets)
  }

  private static func counts(
    _ scanner: inout JSONScanner, atMost limit: Int
  ) throws(JSONScanner.Failure) -> [Int] {
    var counts: [Int] = []
    try scanner.array { scanner throws(JSONScanner.Failure) in
      guard counts.count < limit else { throw scanner.failure("expected at most \(limit) numbers") }
      counts.append(try scanner.count())
    }
    return counts
  }

  func checked(file: String) throws(SafeTensorsError) -> SafeTensorsHeader.Entry {
    func failure(expected: String, got: String) -> SafeTensorsError {
      .invalidTensor(file: file, tensor: name, expected: expected, got: got)
    }
    guard let numbers = SafeTensorsHeader.NumberType(rawValue: type) else {
      let known = SafeTensorsHeader.NumberType.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure(expected: "one of the types \(known)", got: "'\(type)'")
    }
    let shape: Shape
    do { shape = try Shape(checking: dimensions) } catch {
      throw failure(expected: "a shape that memory can hold", got: "\(dimensions)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw failure(expected: "data_offsets [begin, end]", got: "\(offsets)")
    }
    // The check of the shape leaves room for eight bytes an element.
    let byteCount = shape.count * numbers.byteCount
    guard offsets[1] - offsets[0] == byteCount else {
      throw failure(
        expected: "\(byteCount.counted("byte")) of data for shape \(shape) of \(type)",
        got: "\(offsets[1] - offsets[0])")
    }
    return .init(name: name, type: numbers, shape: shape, range: offsets[0]..<offsets[1])
  }
}
