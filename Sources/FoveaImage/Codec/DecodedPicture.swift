/// What a decoder delivers: rows of interleaved channels, turned upright.
struct DecodedPicture {
  let width: Int
  let height: Int
  let pixels: [UInt8]
  /// What is odd about the file, although every pixel is there.
  var warnings: [String] = []
}
