/// Reads numbers from a file's bytes; nil past their end.
package struct ByteReader {
  package enum Order { case big, little }

  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package var count: Int { bytes.count }

  package func byte(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[offset] : nil
  }

  package func u16(_ offset: Int, _ order: Order) -> Int? {
    guard let a = byte(offset), let b = byte(offset + 1) else { return nil }
    return order == .big ? Int(a) << 8 | Int(b) : Int(b) << 8 | Int(a)
  }

  package func u24(_ offset: Int, _ order: Order) -> Int? {
    guard let a = byte(offset), let rest = u16(offset + 1, order) else { return nil }
    return order == .big ? Int(a) << 16 | rest : rest << 8 | Int(a)
  }

  package func u32(_ offset: Int, _ order: Order) -> Int? {
    guard let first = u16(offset, order), let second = u16(offset + 2, order) else { return nil }
    return order == .big ? first << 16 | second : second << 16 | first
  }

  /// Whether these characters stand at `offset`.
  func has(_ text: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count, count - offset >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[offset..<offset + $0.count]) }
  }

  /// In floating point, since the product of what a header says may overflow. What is far beyond any limit passes: it
  /// will be refused as too large, which says more.
  func require(from start: Int, _ count: Double) throws(PictureFailure) {
    guard Double(start) + count <= Double(self.count) || count >= 1e9 else {
      throw .cutShort(self.count)
    }
  }
}
