import FoveaCore

/// Lays the rows that a reader of our own has decoded into a picture of the channels that were asked for.
struct PictureRows {
  let width: Int
  let colorModel: ColorModel
  /// Whether some pixels may have an opacity other than 255.
  let hasAlpha: Bool
  private let pixels: UnsafeMutablePointer<UInt8>

  /// - Parameter fill: must write every row.
  static func picture(
    width: Int, height: Int, _ colorModel: ColorModel, hasAlpha: Bool = false,
    filledBy fill: (PictureRows) throws(PictureFailure) -> Void
  ) throws(PictureFailure) -> DecodedPicture {
    var failure: PictureFailure?
    let pixels = try? [UInt8](checkedCount: width * height * colorModel.channels) { buffer in
      guard let base = buffer.baseAddress else { return false }
      do throws(PictureFailure) {
        try fill(PictureRows(width: width, colorModel: colorModel, hasAlpha: hasAlpha, pixels: base))
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    guard let pixels else { throw .outOfMemory }
    return DecodedPicture(width: width, height: height, pixels: pixels)
  }

  func write(_ row: UnsafePointer<PackedColor>, at y: Int) {
    var to = pixels + y * width * colorModel.channels
    switch colorModel {
    case .rgba:
      for x in 0..<width {
        (to[0], to[1], to[2], to[3]) = (row[x].red, row[x].green, row[x].blue, row[x].opacity)
        to += 4
      }
    case .rgb:
      for x in 0..<width {
        let color = hasAlpha ? row[x].overWhite : row[x]
        (to[0], to[1], to[2]) = (color.red, color.green, color.blue)
        to += 3
      }
    case .gray:
      for x in 0..<width { to[x] = (hasAlpha ? row[x].overWhite : row[x]).gray }
    }
  }

  /// A row of opaque red, green and blue.
  func writeRGB(_ row: UnsafePointer<UInt8>, at y: Int) {
    var to = pixels + y * width * colorModel.channels
    switch colorModel {
    case .rgb: to.update(from: row, count: 3 * width)
    case .rgba, .gray:
      for x in 0..<width {
        let color = PackedColor(red: row[3 * x], green: row[3 * x + 1], blue: row[3 * x + 2])
        if colorModel == .gray {
          to[x] = color.gray
        } else {
          (to[0], to[1], to[2], to[3]) = (color.red, color.green, color.blue, 255)
          to += 4
        }
      }
    }
  }

  /// A row of opaque gray.
  func writeGray(_ row: UnsafePointer<UInt8>, at y: Int) {
    var to = pixels + y * width * colorModel.channels
    switch colorModel {
    case .gray: to.update(from: row, count: width)
    case .rgb:
      for x in 0..<width {
        (to[0], to[1], to[2]) = (row[x], row[x], row[x])
        to += 3
      }
    case .rgba:
      for x in 0..<width {
        (to[0], to[1], to[2], to[3]) = (row[x], row[x], row[x], 255)
        to += 4
      }
    }
  }
}

/// Red in the lowest byte, then green, blue and opacity.
struct PackedColor: Equatable {
  let bits: UInt32

  init(red: UInt8, green: UInt8, blue: UInt8, opacity: UInt8 = 255) {
    bits = UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 | UInt32(opacity) << 24
  }

  static let clear = PackedColor(red: 0, green: 0, blue: 0, opacity: 0)

  var red: UInt8 { UInt8(truncatingIfNeeded: bits) }
  var green: UInt8 { UInt8(truncatingIfNeeded: bits >> 8) }
  var blue: UInt8 { UInt8(truncatingIfNeeded: bits >> 16) }
  var opacity: UInt8 { UInt8(truncatingIfNeeded: bits >> 24) }

  /// c · α + 255 · (1 − α), rounded, as the shim computes it.
  var overWhite: PackedColor {
    let alpha = bits >> 24
    func laid(_ value: UInt8) -> UInt8 {
      UInt8(truncatingIfNeeded: (UInt32(value) &* alpha &+ 255 &* (255 &- alpha) &+ 127) / 255)
    }
    return PackedColor(red: laid(red), green: laid(green), blue: laid(blue))
  }

  /// ITU-R BT.601 with 15 fractional bits, as OpenCV computes it in `Image.gray()`.
  var gray: UInt8 {
    let sum = 9798 &* UInt32(red) &+ 19235 &* UInt32(green) &+ 3735 &* UInt32(blue)
    return UInt8(truncatingIfNeeded: (sum &+ 1 << 14) >> 15)
  }
}
