import FoveaCore

extension Image {
  /// Every value by itself, as floats; `kind` is the step that wants it.
  func mapped(by kind: String, _ function: (Float) -> Float) throws(ImageError) -> Image {
    try ImageError.requireMemory(for: kind, width: width, height: height, bytesPerPixel: 4 * channels)
    let values: [Float] =
      switch pixels {
      case .bytes(let bytes): bytes.map { function(Float($0)) }
      case .floats(let floats): floats.map(function)
      }
    return try Image(width: width, height: height, channels: channels, pixels: .floats(values))
  }
}
