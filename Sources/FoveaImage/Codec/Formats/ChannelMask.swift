/// Which bits of a stored number are one channel, such as 5 for red of a 16-bit BMP.
struct ChannelMask: Equatable {
  private let shift: UInt32
  private let most: UInt32
  /// value · 255 / most, rounded; nil for more than 8 bits, which are computed.
  private let scaled: [UInt8]?

  /// Of a channel that the picture has not.
  static let absent = ChannelMask()

  private init() { (shift, most, scaled) = (0, 0, [0]) }

  /// Nil where the bits do not lie side by side, or not within the number's.
  ///
  /// - Parameter mask: 0 for ``absent``.
  init?(_ mask: UInt32, within bits: Int) {
    guard bits >= 32 || mask >> UInt32(bits) == 0 else { return nil }
    shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount)
    let most = mask >> shift
    guard most & (most &+ 1) == 0 else { return nil }
    self.most = most
    scaled = most > 255 ? nil : (0...most).map { Self.scale($0, most) }
  }

  /// Whether the picture has this channel.
  var isPresent: Bool { most > 0 }

  /// 0…255: the largest stored value is 255.
  @inline(__always)
  func value(of number: UInt32) -> UInt8 {
    let stored = number >> shift & most
    return scaled?[Int(stored)] ?? Self.scale(stored, most)
  }

  private static func scale(_ value: UInt32, _ most: UInt32) -> UInt8 {
    guard most > 0 else { return 0 }
    return UInt8(truncatingIfNeeded: (UInt64(value) * 255 + UInt64(most) / 2) / UInt64(most))
  }
}
