/// An array of numbers in NumPy's format, `.npy`: in memory its elements are little endian, the last axis contiguous.
///
/// Source: NumPy, "numpy.lib.format", versions 1.0, 2.0 and 3.0.
public struct NumPyArray: Sendable, Equatable {
  /// NumPy's code of the elements' type: `f4`, `i8`, `b1`.
  public let code: String
  public let shape: [Int]
  /// As many as ``code`` and ``shape`` say.
  public let bytes: [UInt8]

  /// NumPy's name of the elements' type: `float32`, `int64`, `bool`.
  public var typeName: String {
    let family = ["f": "float", "i": "int", "u": "uint"][String(code.prefix(1))]
    guard let family, let bytes = Int(code.dropFirst()) else { return "bool" }
    return family + String(8 * bytes)
  }

  private static let codes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]

  /// - Throws: ``FileError`` where there are not as many bytes as the shape says.
  public init(code: String, shape: [Int], bytes: [UInt8]) throws(FileError) {
    let header = NumPyHeader(code: code, shape: shape)
    guard Self.byteCount(header) == bytes.count else {
      throw .unreadable(path: "an array", reason: "\(bytes.count) bytes are not \(shape) elements of type \(code)")
    }
    (self.code, self.shape, self.bytes) = (code, shape, bytes)
  }

  /// Reads a file.
  ///
  /// - Throws: ``FileError`` where it cannot be read, is no such array, or has elements that are no plain numbers.
  public init(path: String) throws(FileError) {
    let reader = try FileReader(path)
    let start = try reader.read(at: 0, count: min(reader.count, 1 << 17))
    let (header, offset) = try NumPyHeader.read(start, path: path)
    let count = try Self.checkedBytes(header, available: reader.count - offset, path: path)
    let bytes = try reader.read(at: offset, count: count)
    self.init(header, bytes)
  }

  /// Of a file's bytes.
  ///
  /// - Parameter name: what errors call it.
  public init(fileBytes: [UInt8], name: String) throws(FileError) {
    let (header, offset) = try NumPyHeader.read(fileBytes, path: name)
    let count = try Self.checkedBytes(header, available: fileBytes.count - offset, path: name)
    self.init(header, Array(fileBytes[offset..<offset + count]))
  }

  private static func byteCount(_ header: NumPyHeader) -> Int? {
    guard codes.contains(header.code), var count = header.elementBytes else { return nil }
    for extent in header.shape {
      let (product, isTooMuch) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !isTooMuch else { return nil }
      count = product
    }
    return count
  }

  private static func checkedBytes(_ header: NumPyHeader, available: Int, path: String) throws(FileError) -> Int {
    guard codes.contains(header.code) else {
      throw .unreadable(
        path: path, reason: "its elements are of type '\(header.code)'; known are \(codes.joined(separator: ", "))")
    }
    guard let count = byteCount(header), count <= available else {
      throw .unreadable(
        path: path, reason: "its shape \(header.shape) needs more than the \(available) bytes that it has")
    }
    return count
  }

  /// - Parameter source: as many as the header says.
  private init(_ header: NumPyHeader, _ source: [UInt8]) {
    (code, shape) = (header.code, header.shape)
    let size = header.elementBytes ?? 1
    var source = source
    if header.isBigEndian, size > 1 {
      for start in stride(from: 0, to: source.count, by: size) { source[start..<start + size].reverse() }
    }
    guard header.isFortran, header.shape.count > 1, !source.isEmpty else {
      bytes = source
      return
    }
    // Element by element, in the order of the result, whose last axis goes fastest.
    var steps: [Int] = []
    var step = size
    for extent in header.shape {
      steps.append(step)
      step *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var (coordinates, place) = (header.shape.map { _ in 0 }, 0)
    while true {
      result += source[place..<place + size]
      var axis = header.shape.count - 1
      while axis >= 0 {
        coordinates[axis] += 1
        place += steps[axis]
        if coordinates[axis] < header.shape[axis] { break }
        place -= steps[axis] * header.shape[axis]
        coordinates[axis] = 0
        axis -= 1
      }
      if axis < 0 { break }
    }
    bytes = result
  }

  /// All that a file holds, in version 1.0.
  public var fileBytes: [UInt8] { NumPyHeader(code: code, shape: shape).bytes() + bytes }

  /// Writes a file that appears whole or not at all.
  public func write(to path: String) throws(FileError) {
    let file = try AtomicFile(path)
    try file.write(NumPyHeader(code: code, shape: shape).bytes())
    try file.write(bytes)
    try file.commit()
  }
}

extension NumPyArray {
  /// Of a tensor; bfloat16, which NumPy does not have, becomes float32.
  public init(_ tensor: Tensor) {
    let tensor = tensor.element == .bfloat16 ? tensor.converted(to: .float32) : tensor
    code = Self.code(tensor.element)
    shape = tensor.shape.dimensions
    bytes = tensor.withUnsafeBytes { Array($0) }
  }

  private static func code(_ element: ElementType) -> String {
    switch element {
    case .float32, .bfloat16: "f4"
    case .float16: "f2"
    case .int8: "i1"
    case .uint8: "u1"
    case .int32: "i4"
    case .int64: "i8"
    case .bool: "b1"
    }
  }

  /// As a tensor.
  ///
  /// - Throws: ``ShapeError``, or ``FileError`` where a tensor has no such elements.
  public func tensor(path: String) throws -> Tensor {
    guard let element = ElementType.allCases.first(where: { $0 != .bfloat16 && Self.code($0) == code }) else {
      throw FileError.unreadable(
        path: path, reason: "its elements are of type '\(code)', which a tensor cannot have; convert it to float32")
    }
    let shape = try Shape(checking: shape)
    var tensor: Tensor
    do throws(OutOfMemory) { tensor = try Tensor(checkedUninitialized: shape, of: element) } catch {
      throw FileError.unreadable(
        path: path, reason: "there is no memory for a tensor of \(error.bytes / 1_000_000) MB", as: .outOfMemory)
    }
    tensor.withUnsafeMutableBytes { target in
      target.copyBytes(from: bytes)
      // A bool is 0 or 1, whatever a file says.
      if element == .bool { for index in target.indices where target[index] != 0 { target[index] = 1 } }
    }
    return tensor
  }
}
