import FoveaCore

/// Unpacks the codes of Lempel, Ziv and Welch with which a GIF stores its color indices.
///
/// Source: CompuServe, "Graphics Interchange Format", version 89a, appendix F.
struct GIFCodes {
  private static let mostCodes = 4096

  private let bytes: UnsafeBufferPointer<UInt8>
  private var offset: Int
  /// Bytes that are left in this block.
  private var left = 0
  private var pending: UInt32 = 0
  private var pendingBits: UInt32 = 0
  /// A code stands for what another stands for, and one index more.
  private var prefixes = [UInt16](repeating: 0, count: mostCodes)
  private var lasts = [UInt8](repeating: 0, count: mostCodes)
  private var firsts = [UInt8](repeating: 0, count: mostCodes)
  private var lengths = [UInt16](repeating: 1, count: mostCodes)

  init(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Fills all of `indices`; what follows is not looked at.
  mutating func unpack(into indices: UnsafeMutableBufferPointer<UInt8>) throws(PictureFailure) {
    guard offset < bytes.count else { throw cutShort }
    let firstBits = UInt32(bytes[offset])
    offset += 1
    // GIF has 2 to 8; some encoders write others, which do as well, up to where a code has no room to grow.
    guard (1...11).contains(firstBits) else {
      throw .damaged("its codes are said to begin with \(firstBits.plainly("bit")); GIF has 2 to 8")
    }
    let clear = 1 << Int(firstBits)
    let colors = min(clear, 256)
    for code in 0..<colors { (lasts[code], firsts[code]) = (UInt8(code), UInt8(code)) }
    var bits = firstBits + 1
    var next = clear + 2
    var previous: Int?
    var filled = 0
    while filled < indices.count {
      let code = try read(bits)
      if code == clear {
        (bits, next, previous) = (firstBits + 1, clear + 2, nil)
        continue
      }
      guard code != clear + 1 else {
        throw .truncated("its codes end after \(filled) of \(indices.count.plainly("pixel"))")
      }
      guard
        (code < next && !(colors..<clear).contains(code)) || (code == next && previous != nil && next < Self.mostCodes)
      else {
        throw .damaged("it has a code that stands for nothing, after \(filled) of \(indices.count.plainly("pixel"))")
      }
      if let previous, next < Self.mostCodes {
        prefixes[next] = UInt16(previous)
        firsts[next] = firsts[previous]
        lasts[next] = firsts[code == next ? previous : code]
        lengths[next] = lengths[previous] &+ 1
        next += 1
        if next == 1 << Int(bits), bits < 12 { bits += 1 }
      }
      filled += write(code, to: indices, at: filled)
      previous = code
    }
  }

  /// From the last index to the first; those beyond the end are dropped.
  private func write(_ code: Int, to indices: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
    let length = Int(lengths[code])
    var code = code
    for place in stride(from: start + length - 1, through: start, by: -1) {
      if place < indices.count { indices[place] = lasts[code] }
      code = Int(prefixes[code])
    }
    return length
  }

  private mutating func read(_ bits: UInt32) throws(PictureFailure) -> Int {
    while pendingBits < bits {
      if left == 0 {
        guard offset < bytes.count, bytes[offset] > 0 else { throw cutShort }
        left = Int(bytes[offset])
        offset += 1
      }
      guard offset < bytes.count else { throw cutShort }
      pending |= UInt32(bytes[offset]) << pendingBits
      pendingBits += 8
      offset += 1
      left -= 1
    }
    defer {
      pending >>= bits
      pendingBits -= bits
    }
    return Int(pending & (1 << bits - 1))
  }

  private var cutShort: PictureFailure {
    .truncated("it is cut short: the data of its first frame end after \(offset) bytes")
  }
}
