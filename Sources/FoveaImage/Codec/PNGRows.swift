import CPNG
import FoveaCore

/// Rows of pixels as PNG stores them: filtered, and packed by deflate.
///
/// Source: PNG specification, third edition (W3C), sections 9 and 10; 12.7 for the choice of filters.
enum PNGRows {
  /// Drawings are smaller without filters, photographs with the best for each row: what is smaller is taken. Nil where
  /// memory is short, or more comes out than a chunk can hold.
  ///
  /// - Parameters:
  ///   - pixels: RGBA.
  ///   - row: a row's bytes.
  static func packed(_ pixels: [UInt8], row: Int, compression: Int32) -> [UInt8]? {
    let rows = stride(from: 0, to: pixels.count, by: row).map { pixels[$0..<$0 + row] }
    guard let plain = deflated(rows.flatMap { [0] + $0 }, compression),
      let filtered = deflated(filtered(rows, channels: 4), compression)
    else { return nil }
    let smaller = filtered.count < plain.count ? filtered : plain
    return smaller.count < Int(Int32.max) - 8 ? smaller : nil
  }

  /// Rows as they are.
  ///
  /// - Parameter row: a row's bytes.
  static func plain(_ bytes: [UInt8], row: Int, compression: Int32) -> [UInt8]? {
    let packed = deflated(stride(from: 0, to: bytes.count, by: row).flatMap { [0] + bytes[$0..<$0 + row] }, compression)
    return packed.flatMap { $0.count < Int(Int32.max) - 8 ? $0 : nil }
  }

  private static func deflated(_ bytes: [UInt8], _ compression: Int32) -> [UInt8]? {
    let packed = [UInt8](unsafeUninitializedCapacity: fpn_deflate_bound(bytes.count)) { buffer, count in
      count = bytes.withUnsafeBufferPointer {
        fpn_deflate($0.baseAddress, $0.count, compression, buffer.baseAddress, buffer.count)
      }
    }
    return packed.isEmpty ? nil : packed
  }

  /// Each row by the filter whose result, as signed numbers, has the smallest sum of magnitudes.
  private static func filtered(_ rows: [ArraySlice<UInt8>], channels: Int) -> [UInt8] {
    var result: [UInt8] = []
    let count = rows.first?.count ?? 0
    result.reserveCapacity(rows.count * (count + 1))
    var above = [UInt8](repeating: 0, count: count)
    var trial = [UInt8](repeating: 0, count: count)
    for row in rows {
      let row = Array(row)
      var best = (filter: UInt8(0), sum: Int.max, bytes: row)
      for filter in UInt8(0)...4 {
        var sum = 0
        for i in 0..<count {
          let left = i < channels ? 0 : row[i - channels]
          let corner = i < channels ? 0 : above[i - channels]
          let value = row[i] &- predicted(filter, Int(left), Int(above[i]), Int(corner))
          trial[i] = value
          sum += abs(Int(Int8(bitPattern: value)))
        }
        if sum < best.sum { best = (filter, sum, trial) }
      }
      result.append(best.filter)
      result += best.bytes
      above = row
    }
    return result
  }

  @inline(__always)
  private static func predicted(_ filter: UInt8, _ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
    switch filter {
    case 0: return 0
    case 1: return UInt8(left)
    case 2: return UInt8(above)
    case 3: return UInt8((left + above) / 2)
    default:
      let estimate = left + above - corner
      let (toLeft, toAbove, toCorner) = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
      return UInt8(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner)
    }
  }
}
