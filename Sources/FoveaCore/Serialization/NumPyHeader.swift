/// The header of an array in NumPy's format: what its elements are, and how they lie.
///
/// Source: NumPy, "numpy.lib.format", versions 1.0, 2.0 and 3.0.
package struct NumPyHeader: Sendable, Equatable {
  /// NumPy's code of a type without the byte order: `f4`, `i8`, `b1`.
  package var code: String
  package var shape: [Int]
  /// Whether the first axis is contiguous, and not the last.
  package var isFortran: Bool
  /// Whether the most significant byte comes first.
  package var isBigEndian: Bool

  package init(code: String, shape: [Int]) {
    (self.code, self.shape, isFortran, isBigEndian) = (code, shape, false, false)
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Longer ones are no headers of arrays of numbers.
  private static let mostBytes = 1 << 16

  /// The bytes of one element.
  package var elementBytes: Int? { Int(code.dropFirst()) }

  /// In version 1.0.
  ///
  /// - Parameter padded: to how many bytes it is filled up at least, so that a longer shape can take its place; a multiple of 64.
  package func bytes(padded: Int = 64) -> [UInt8] {
    let order = elementBytes == 1 ? "|" : "<"
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = Array("{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    let total = max(padded, (text.count + 11 + 63) / 64 * 64)
    text += Array(repeating: 0x20, count: total - 11 - text.count) + [0x0A]
    return Self.magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8 & 0xFF)] + text
  }

  /// Reads the header that bytes begin with.
  ///
  /// - Parameter path: for errors.
  /// - Returns: the header, and where the elements begin.
  package static func read(_ bytes: some Collection<UInt8>, path: String) throws(FileError) -> (NumPyHeader, start: Int)
  {
    func failure(_ reason: String) -> FileError {
      .unreadable(path: path, reason: "it is no array in NumPy's format: \(reason)")
    }
    let start = Array(bytes.prefix(12))
    guard start.count >= 10, Array(start[..<6]) == magic else { throw failure("it does not begin as one") }
    let isShort = start[6] == 1
    guard (1...3).contains(start[6]), isShort || start.count == 12 else { throw failure("its version is \(start[6])") }
    let length = (8..<(isShort ? 10 : 12)).reversed().reduce(0) { $0 << 8 | Int(start[$1]) }
    let offset = isShort ? 10 : 12
    guard length <= mostBytes, bytes.count >= offset + length else { throw failure("its header is cut off") }
    let text = String(decoding: bytes.dropFirst(offset).prefix(length), as: UTF8.self)
    guard let descr = text.firstMatch(of: /'descr'\s*:\s*'([<>|=])([a-zA-Z])(\d{1,2})'/) else {
      throw failure("its elements are not numbers of one type")
    }
    guard let order = text.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/),
      let shape = text.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/)
    else { throw failure("its header has no shape or no order") }
    var extents: [Int] = []
    for part in shape.1.split(separator: ",") {
      let digits = part.drop { $0 == " " }.prefix { $0 != " " }
      guard !digits.isEmpty else { continue }
      guard let extent = Int(digits) else { throw failure("an extent of \(digits)") }
      extents.append(extent)
    }
    var header = NumPyHeader(code: "\(descr.2)\(descr.3)", shape: extents)
    header.isFortran = order.1 == "True"
    header.isBigEndian = descr.1 == ">"
    return (header, offset + length)
  }
}
