/// Named tensors and a few words about them, as a file of the safetensors format holds them.
///
/// Source: the format's specification, https://github.com/huggingface/safetensors.
/// Deviates: 64-bit floats are read as the nearest 32-bit ones; types that no ``ElementType`` stands for are refused.
public struct SafeTensors: Sendable, Equatable {
  public var metadata: [String: String]
  public var tensors: [String: Tensor]

  public init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  // MARK: Reading

  /// Reads a file.
  ///
  /// - Throws: ``SafeTensorsError/file(_:)`` where it cannot be read, or there is no memory for its tensors; the other cases
  ///   where it is not what it says, before any memory is taken for what it claims to hold.
  public init(contentsOf path: String) throws(SafeTensorsError) {
    let reader: FileReader
    do { reader = try FileReader(path) } catch { throw .file(error) }
    try self.init(source: .file(reader), name: path)
  }

  /// Reads a file that is in memory; `name` stands for it in errors.
  public init(bytes: [UInt8], name: String) throws(SafeTensorsError) {
    try self.init(source: .memory(bytes), name: name)
  }

  private init(source: Source, name: String) throws(SafeTensorsError) {
    let (header, start) = try Self.readHeader(source, name: name)
    // What there is no memory for must not be found out after half of it has been read.
    let bytes = header.entries.reduce(0) { $0 + $1.shape.count * $1.type.element.byteCount }
    do throws(OutOfMemory) { try OutOfMemory.check(bytes) } catch { throw Self.noMemory(for: bytes, of: name) }
    metadata = header.metadata
    tensors = [:]
    tensors.reserveCapacity(header.entries.count)
    for entry in header.entries {
      tensors[entry.name] = try source.tensor(entry, start: start, file: name)
    }
  }

  static func noMemory(for bytes: Int, of file: String) -> SafeTensorsError {
    .file(
      .unreadable(
        path: file,
        reason: "there is no memory for its tensors, which take \(bytes / 1_000_000) MB or more; leave it more, or "
          + "take a smaller one", as: .outOfMemory))
  }

  /// Reads what a file says of itself, without its tensors.
  public static func header(of path: String) throws(SafeTensorsError) -> SafeTensorsHeader {
    let reader: FileReader
    do { reader = try FileReader(path) } catch { throw .file(error) }
    return try readHeader(.file(reader), name: path).header
  }

  private static func readHeader(
    _ source: Source, name: String
  ) throws(SafeTensorsError) -> (header: SafeTensorsHeader, end: Int) {
    guard source.count >= 8 else {
      throw .invalidFile(file: name, expected: "at least 8 bytes", got: "\(source.count)")
    }
    let length = try source.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafeTensorsHeader.longest), Int(length) <= source.count - 8 else {
      throw .invalidFile(
        file: name, expected: "a header of at most \(min(SafeTensorsHeader.longest, source.count - 8)) bytes",
        got: "a length of \(length)")
    }
    let end = 8 + Int(length)
    let json = try source.bytes(at: 8, count: Int(length))
    return (try SafeTensorsHeader(json: json, dataByteCount: source.count - end, file: name), end)
  }

  // MARK: Writing

  /// Writes a file that appears whole or not at all, the same bytes for the same content.
  ///
  /// - Throws: ``SafeTensorsError/file(_:)`` where it cannot be written; what was there before is then untouched.
  public func write(to path: String) throws(SafeTensorsError) {
    let (start, ordered) = try encodedHeader(file: path)
    do throws(FileError) {
      let file = try AtomicFile(path)
      try file.write(start)
      for (_, tensor) in ordered {
        try tensor.withUnsafeBytes { bytes throws(FileError) in try file.write(bytes) }
      }
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// The bytes of such a file.
  public func encoded() throws(SafeTensorsError) -> [UInt8] {
    var (bytes, ordered) = try encodedHeader(file: "in memory")
    for (_, tensor) in ordered {
      tensor.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The file's bytes up to the first tensor's, and the tensors in their order.
  private func encodedHeader(
    file: String
  ) throws(SafeTensorsError) -> (start: [UInt8], ordered: [(name: String, tensor: Tensor)]) {
    guard tensors["__metadata__"] == nil else {
      throw .invalidTensor(
        file: file, tensor: "__metadata__", expected: "another name", got: "the one that the format keeps for itself")
    }
    let ordered = tensors.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    var members: [String] = []
    if !metadata.isEmpty {
      members.append("\"__metadata__\":" + Self.json(.object(metadata.mapValues { .string($0) })))
    }
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + tensor.shape.count * tensor.element.byteCount
      let type = SafeTensorsHeader.NumberType(tensor.element).rawValue
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      members.append(
        Self.json(.string(name))
          + ":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // The tensors then start at a multiple of eight, so that a reader may map them into memory.
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= SafeTensorsHeader.longest else {
      throw .invalidFile(
        file: file, expected: "a header of at most \(SafeTensorsHeader.longest) bytes", got: "\(header.count)")
    }
    return ((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header, ordered)
  }

  // Texts alone, which JSON can always say.
  private static func json(_ value: ConfigurationValue) -> String { value.json ?? "\"\"" }
}
