import CJPEG

/// Decodes JPEG by libjpeg itself, whose warnings of damaged data are errors here.
enum JPEGReader {
  static func read(
    _ bytes: [UInt8], _ header: PictureHeader, _ colorModel: ColorModel, reduction: Int32
  ) throws(ShimFailure) -> DecodedPicture {
    var error = FJPError()
    var dimensions: (width: Int, height: Int)?
    let options = FJPOptions(
      channels: Int32(colorModel.channels), reduction: reduction, orientation: Int32(header.orientation))
    // The decoder reads from the bytes until it is closed.
    let pixels = bytes.withUnsafeBufferPointer { source -> [UInt8] in
      guard let decoder = fjp_open(source.baseAddress, source.count, options, &error) else { return [] }
      defer { fjp_close(decoder) }
      let (width, height) = (Int(fjp_width(decoder)), Int(fjp_height(decoder)))
      let count = width * height * colorModel.channels
      return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        guard fjp_read(decoder, buffer.baseAddress, count, &error) == 0 else { return }
        initialized = count
        dimensions = (width, height)
      }
    }
    guard let dimensions else {
      throw ShimFailure(message: withUnsafeBytes(of: error.message, text))
    }
    return DecodedPicture(width: dimensions.width, height: dimensions.height, pixels: pixels)
  }
}
