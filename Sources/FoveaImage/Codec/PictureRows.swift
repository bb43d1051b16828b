import CPixels
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
    guard colorModel == .rgb, !hasAlpha else {
      row.withMemoryRebound(to: UInt8.self, capacity: 4 * width) { write($0, channels: 4, at: y) }
      return
    }
    var to = pixels + y * width * 3
    for x in 0..<width {
      (to[0], to[1], to[2]) = (row[x].red, row[x].green, row[x].blue)
      to += 3
    }
  }

  /// - Parameter channels: 1 (gray), 2 (gray, opacity), 3 (red, green, blue) or 4 (and opacity).
  func write(_ row: UnsafePointer<UInt8>, channels: Int, at y: Int) {
    let to = pixels + y * width * colorModel.channels
    fpx_convert(row, Int32(channels), to, Int32(colorModel.channels), width)
  }
}

/// Four bytes in the order of a picture's channels.
struct PackedColor: Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8
  var opacity: UInt8 = 255

  static let clear = PackedColor(red: 0, green: 0, blue: 0, opacity: 0)
}
