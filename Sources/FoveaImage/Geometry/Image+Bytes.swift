public import FoveaCore

extension Image {
  /// The same image with 8-bit values: floats are taken to be 0…255, rounded and clamped; what is no number becomes 0.
  public func bytes() throws(ImageError) -> Image {
    guard case .floats(let floats) = pixels else { return self }
    try ImageError.requireMemory(for: "bytes", width: width, height: height, bytesPerPixel: channels)
    let bytes = floats.map(\.byte)
    return try Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
  }

  /// Of one value in memory.
  var valueSize: Int {
    switch pixels {
    case .bytes: 1
    case .floats: 4
    }
  }
}

extension Float {
  /// Rounded and clamped to 0…255; what is no number becomes 0.
  var byte: UInt8 { isNaN ? 0 : UInt8(min(max(self, 0), 255).rounded()) }
}
