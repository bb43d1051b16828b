/// What a decoder delivers: rows of interleaved channels, turned upright.
struct DecodedPicture {
  let width: Int
  let height: Int
  let pixels: [UInt8]
}
