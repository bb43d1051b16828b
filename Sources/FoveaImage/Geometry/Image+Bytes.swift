public import FoveaCore

extension Image {
  /// The same image with 8-bit values: floats are taken to be 0…255, rounded and clamped; what is no number becomes 0.
  public func bytes() throws(ImageError) -> Image {
    guard case .floats(let floats) = pixels else { return self }
    let bytes = floats.map { $0.isNaN ? 0 : UInt8(min(max($0, 0), 255).rounded()) }
    return try Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
  }
}
