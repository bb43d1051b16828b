import COneDNN
import Synchronization

/// What the bytes of a tensor stand for: (byte − zero point) · scale.
///
/// Numbers that are never negative have the zero point 0, so that all 256 bytes are used; others have 128, and are as far from
/// zero on either side.
public struct ByteScale: Sendable, Hashable, Codable {
  public var scale: Float
  public var zeroPoint: UInt8

  /// - Parameters:
  ///   - scale: larger than 0.
  ///   - zeroPoint: the byte that stands for 0.
  public init(scale: Float, zeroPoint: UInt8) {
    (self.scale, self.zeroPoint) = (scale, zeroPoint)
  }

  /// For numbers whose magnitudes are at most `largest`.
  ///
  /// - Parameter isSigned: whether some are negative.
  public init(largest: Float, isSigned: Bool) {
    let steps: Float = isSigned ? 127 : 255
    let scale = largest / steps
    // So small that the next step would be no number.
    self.init(scale: scale.isNormal ? scale : 1 / steps, zeroPoint: isSigned ? 128 : 0)
  }

  /// Whether it is of any use: a number larger than 0 whose inverse is one, too.
  public var isUsable: Bool { scale.isNormal && scale > 0 && (1 / scale).isNormal }

  /// The largest number that a byte stands for.
  public var largest: Float { Float(255 - Int(zeroPoint)) * scale }
}

extension BlockedLayout {
  private final class Scales: Sendable {
    let known = Mutex<[ByteScale: UInt]>([:])
  }

  // Immortal as oneDNN's orders are, since whoever has a layout may ask: one for each tensor of each quantized network that a
  // process has had, 16 bytes.
  private static let scales = Scales()

  /// The last bit of an order's address, which none of oneDNN's has.
  private static let mark: UInt = 1

  static func bytes(_ scale: ByteScale) -> BlockedLayout {
    let address = scales.known.withLock { known in
      if let address = known[scale] { return address }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
      memory.storeBytes(of: scale.scale, as: Float.self)
      memory.storeBytes(of: scale.zeroPoint, toByteOffset: 4, as: UInt8.self)
      let address = UInt(bitPattern: memory)
      known[scale] = address
      return address
    }
    return BlockedLayout(order: fovea_dnn_order(bitPattern: address | mark).unsafelyUnwrapped)
  }

  /// What bytes stand for; nil for an order of oneDNN's, and for the interleaved one.
  var byteScale: ByteScale? {
    let bits = UInt(bitPattern: order)
    guard bits & Self.mark != 0, bits != Self.mark, let memory = UnsafeRawPointer(bitPattern: bits & ~Self.mark) else {
      return nil
    }
    return ByteScale(
      scale: memory.load(as: Float.self), zeroPoint: memory.load(fromByteOffset: 4, as: UInt8.self))
  }
}
