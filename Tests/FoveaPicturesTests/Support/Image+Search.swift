import FoveaCore
import FoveaImage

extension Image {
  private var rgbBytes: [UInt8] {
    guard case .bytes(let bytes) = try? rgb().bytes().pixels else { return [] }
    return bytes
  }

  /// How often `part` occurs, pixel by pixel.
  func occurrences(of part: Image) -> Int {
    let (whole, wanted) = (rgbBytes, part.rgbBytes)
    guard part.width <= width, part.height <= height else { return 0 }
    let row = part.width * 3
    var count = 0
    for y in 0...height - part.height {
      for x in 0...width - part.width {
        let matches = (0..<part.height).allSatisfy { line in
          let start = ((y + line) * width + x) * 3
          return whole[start] == wanted[line * row] && whole[start + 1] == wanted[line * row + 1]
            && whole[start..<start + row].elementsEqual(wanted[line * row..<(line + 1) * row])
        }
        if matches { count += 1 }
      }
    }
    return count
  }

  /// Each pixel as a square of `factor` pixels.
  func magnified(_ factor: Int) throws -> Image {
    let source = rgbBytes
    let bytes = (0..<height * factor).flatMap { y in
      (0..<width * factor).flatMap { x in
        (0..<3).map { source[((y / factor) * width + x / factor) * 3 + $0] }
      }
    }
    return try Image(width: width * factor, height: height * factor, channels: 3, pixels: .bytes(bytes))
  }

  /// How many pixels have the color.
  func count(of color: Color) -> Int {
    let bytes = rgbBytes
    return stride(from: 0, to: bytes.count, by: 3).count {
      bytes[$0] == color.red && bytes[$0 + 1] == color.green && bytes[$0 + 2] == color.blue
    }
  }
}
