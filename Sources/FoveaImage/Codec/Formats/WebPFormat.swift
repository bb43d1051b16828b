/// WebP, decoded by OpenCV. Of an animation, which OpenCV 4.6 refuses, the first frame is read.
enum WebPFormat: PictureFormat {
  static let name = "WebP"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("RIFF", at: 0) && reader.has("WEBP", at: 8) }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    let file = try WebPContainer(reader)
    var header = PictureHeader(width: file.width, height: file.height)
    header.orientation = file.orientation
    header.hasAlpha = file.hasAlpha
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    let file = try WebPContainer(ByteReader(bytes: bytes))
    guard let frame = file.frame else {
      // OpenCV 4.6 refuses fewer bytes than it asks libwebp about; what follows the end does no harm.
      let padding = [UInt8](repeating: 0, count: max(0, 64 - bytes.count))
      return try OpenCVReader.read(padding.isEmpty ? bytes : bytes + padding, header, request.colorModel)
    }
    var part = PictureHeader(width: frame.width, height: frame.height)
    part.hasAlpha = frame.hasAlpha
    part.orientation = header.orientation
    let still = file.stillFile(of: frame)
    if frame.width == file.width, frame.height == file.height {
      return try OpenCVReader.read(still, part, request.colorModel)
    }
    guard header.orientation == 1 else {
      throw .unsupported("it is an animated WebP that is to be turned and whose first frame does not fill it: not read")
    }
    return try onScreen(try OpenCVReader.read(still, part, .rgba), file, frame, request.colorModel)
  }

  /// What the frame leaves free is transparent.
  private static func onScreen(
    _ picture: DecodedPicture, _ file: WebPContainer, _ frame: WebPContainer.Frame, _ colorModel: ColorModel
  ) throws(PictureFailure) -> DecodedPicture {
    try PictureRows.picture(width: file.width, height: file.height, colorModel, hasAlpha: true) { rows in
      let empty = [PackedColor](repeating: .clear, count: file.width)
      for y in 0..<file.height {
        var row = empty
        if (frame.top..<frame.top + frame.height).contains(y) {
          for x in 0..<frame.width {
            let place = 4 * ((y - frame.top) * frame.width + x)
            row[frame.left + x] = PackedColor(
              red: picture.pixels[place], green: picture.pixels[place + 1], blue: picture.pixels[place + 2],
              opacity: picture.pixels[place + 3])
          }
        }
        row.withUnsafeBufferPointer { row in
          if let base = row.baseAddress { rows.write(base, at: y) }
        }
      }
    }
  }
}
