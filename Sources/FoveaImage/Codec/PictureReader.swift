import COpenCV

/// Decodes what is no JPEG, by OpenCV.
enum PictureReader {
  static func read(
    _ bytes: [UInt8], _ header: PictureHeader, _ colorModel: ColorModel
  ) throws(ShimFailure) -> DecodedPicture {
    // Gray is made of the colors: the decoders' own formulas differ from `Image.gray()`.
    var options = FCVDecodeOptions(
      channels: colorModel == .rgba ? 4 : 3, orientation: Int32(header.orientation),
      keeps_alpha: header.hasAlpha ? 1 : 0, gray_key: Int32(header.grayKey ?? -1))
    var picture: OpaquePointer?
    try callShim { fcv_decode(bytes, bytes.count, &options, &picture, $0) }
    defer { fcv_picture_free(picture) }
    let (width, height) = (Int(fcv_picture_width(picture)), Int(fcv_picture_height(picture)))
    let count = width * height * colorModel.channels
    var failure: ShimFailure?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(ShimFailure) {
        try callShim { fcv_picture_copy(picture, buffer.baseAddress, count, $0) }
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return DecodedPicture(width: width, height: height, pixels: pixels)
  }
}
