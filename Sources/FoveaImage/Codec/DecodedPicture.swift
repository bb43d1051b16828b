/// What a decoder delivers: rows of interleaved channels, turned upright.
struct DecodedPicture {
  let width: Int
  let height: Int
  let pixels: [UInt8]
  /// As many of the file's pixels, on either side, have become one.
  var reduction = 1
  /// What is odd about the file, although every pixel is there.
  var warnings: [String] = []
}
