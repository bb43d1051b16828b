import FoveaCore
import FoveaImage

/// The start of an IDX file: two zeros, a type, a rank, and an extent of four bytes for each axis.
struct IDXHeader {
  let element: IDXFile.Element
  let dimensions: [Int]
  let dataByteCount: Int

  var byteCount: Int { 4 + 4 * dimensions.count }
  var totalByteCount: Int { byteCount + dataByteCount }

  init(_ reader: GzipReader) throws(DataError) {
    let magic = try Self.read(4, from: reader)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, magic[3] > 0 else {
      throw .notIDX(path: reader.name, got: Self.describe(magic))
    }
    guard let element = IDXFile.Element(rawValue: magic[2]) else {
      throw .unsuitableArray(
        path: reader.name, expected: "elements of one of IDX's types, code 08, 09 or 0B to 0E",
        got: "type code " + Self.hexadecimal(magic[2]))
    }
    let rank = Int(magic[3])
    let extents = try Self.read(4 * rank, from: reader)
    guard extents.count == 4 * rank else {
      throw .truncated(path: reader.name, expected: 4 + 4 * rank, got: 4 + extents.count)
    }
    let numbers = ByteReader(bytes: extents)
    let dimensions = (0..<rank).compactMap { numbers.u32(4 * $0, .big) }
    // The shape's own check leaves room for eight bytes an element. An item must be countable even where there is none.
    guard let shape = try? Shape(checking: dimensions),
      (try? Shape(checking: Array(dimensions.dropFirst()))) != nil
    else {
      throw .tooLarge(path: reader.name, dimensions: dimensions, limit: Int.max)
    }
    self.element = element
    self.dimensions = dimensions
    dataByteCount = shape.count * element.byteCount
  }

  private static func read(_ count: Int, from reader: GzipReader) throws(DataError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { target in
      Result { () throws(DataError) in try reader.read(into: target) }
    }
    return Array(bytes.prefix(try got.get()))
  }

  private static func describe(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "nothing; it is empty" : bytes.map(hexadecimal).joined(separator: " ")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}
