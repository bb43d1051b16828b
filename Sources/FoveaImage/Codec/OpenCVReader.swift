import COpenCV
import FoveaCore

/// Decodes what has no decoder of its own here, by OpenCV.
enum OpenCVReader {
  static func read(
    _ bytes: [UInt8], _ header: PictureHeader, _ colorModel: ColorModel
  ) throws(PictureFailure) -> DecodedPicture {
    // Gray is made of the colors: the decoders' own formulas differ from `Image.gray()`.
    var options = FCVDecodeOptions(
      channels: colorModel == .rgba ? 4 : 3, orientation: Int32(header.orientation),
      keeps_alpha: header.hasAlpha ? 1 : 0)
    var picture: OpaquePointer?
    try call { fcv_decode(bytes, bytes.count, &options, &picture, $0) }
    defer { fcv_picture_free(picture) }
    let (width, height) = (Int(fcv_picture_width(picture)), Int(fcv_picture_height(picture)))
    let count = width * height * colorModel.channels
    var failure: PictureFailure?
    let pixels = try? [UInt8](checkedCount: count) { buffer in
      do throws(PictureFailure) { try call { fcv_picture_copy(picture, buffer.baseAddress, count, $0) } } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    guard let pixels else { throw .outOfMemory }
    return DecodedPicture(width: width, height: height, pixels: pixels)
  }

  private static func call(_ body: (UnsafeMutablePointer<FCVError>) -> FCVStatus) throws(PictureFailure) {
    do throws(ShimFailure) { try callShim(body) } catch {
      throw error.isOutOfMemory ? .outOfMemory : .damaged(error.message)
    }
  }
}
