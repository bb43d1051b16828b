import CPixels
public import FoveaCore

extension Image {
  /// Left and right exchanged, or top and bottom, or both.
  public func flipped(horizontally: Bool = false, vertically: Bool = false) throws(ImageError) -> Image {
    guard horizontally || vertically else { return self }
    try ImageError.requireMemory(for: "flip", width: width, height: height, bytesPerPixel: channels * valueSize)
    let flipped: Pixels
    switch pixels {
    case .bytes(let bytes):
      // EXIF's numbers.
      let orientation: Int32 = horizontally ? (vertically ? 3 : 2) : 4
      flipped = .bytes(
        [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
          bytes.withUnsafeBufferPointer {
            fpx_turn($0.baseAddress, width, height, Int32(channels), orientation, target.baseAddress)
          }
          count = bytes.count
        })
    case .floats(let floats):
      flipped = .floats(
        (0..<floats.count).map { index in
          let (pixel, channel) = (index / channels, index % channels)
          let (x, y) = (pixel % width, pixel / width)
          let (column, row) = (horizontally ? width - 1 - x : x, vertically ? height - 1 - y : y)
          return floats[(row * width + column) * channels + channel]
        })
    }
    return try Image(width: width, height: height, channels: channels, pixels: flipped)
  }
}
