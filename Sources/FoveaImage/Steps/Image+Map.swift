import FoveaCore

extension Image {
  /// Every value by itself, as floats.
  func mapped(_ function: (Float) -> Float) throws(ImageError) -> Image {
    let values: [Float] =
      switch pixels {
      case .bytes(let bytes): bytes.map { function(Float($0)) }
      case .floats(let floats): floats.map(function)
      }
    return try Image(width: width, height: height, channels: channels, pixels: .floats(values))
  }
}
