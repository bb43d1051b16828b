import FoveaCore

/// The frames of an animated WebP, each drawn over what those before have left.
///
/// Source: RFC 9649, section 2.7.1.1. The background is transparent, as in browsers.
final class WebPAnimation: FrameReader {
  private let name: String
  private let file: WebPContainer
  private var rest: ArraySlice<Range<Int>>
  private var canvas: AnimationCanvas
  private var toClear: WebPContainer.Frame?
  private var number = 0
  private let byteCount: Int

  /// Nil for a still picture, and where there is one frame only.
  init?(_ reader: ByteReader, _ name: String, _ header: PictureHeader) throws(PictureFailure) {
    file = try WebPContainer(reader)
    let chunks = try file.animationChunks()
    guard chunks.count > 1 else { return nil }
    guard header.orientation == 1 else {
      throw .unsupported("it is an animated WebP that is to be turned: not read")
    }
    (self.name, rest, byteCount) = (name, chunks[...], reader.count)
    canvas = try AnimationCanvas(width: file.width, height: file.height)
  }

  var frameBytes: Int { canvas.width * canvas.height * 3 }
  // The canvas, and a frame as OpenCV and we have it.
  var workingBytes: Int { byteCount + canvas.width * canvas.height * 12 }

  func next(_ isWanted: (Int, Double?) -> Bool) throws(ImageError) -> Frame? {
    while let chunk = rest.popFirst() {
      do throws(PictureFailure) { try draw(chunk) } catch {
        rest = []
        throw ImageError(error, "'\(name)'", needed: "its frame \(number)")
      }
      defer { number += 1 }
      if isWanted(number, nil) { return Frame(number: number, image: try canvas.image()) }
    }
    return nil
  }

  private func draw(_ chunk: Range<Int>) throws(PictureFailure) {
    let (frame, disposes, blends) = try file.animationFrame(chunk)
    guard frame.left + frame.width <= file.width, frame.top + frame.height <= file.height else {
      throw .damaged("its frame \(number) lies outside of its \(file.width)×\(file.height) pixels")
    }
    if let last = toClear { canvas.clear(left: last.left, top: last.top, width: last.width, height: last.height) }
    toClear = disposes ? frame : nil
    var part = PictureHeader(width: frame.width, height: frame.height)
    part.hasAlpha = frame.hasAlpha
    let picture = try OpenCVReader.read(file.stillFile(of: frame), part, .rgba)
    for y in 0..<frame.height {
      for x in 0..<frame.width {
        let place = 4 * (y * frame.width + x)
        let color = PackedColor(
          red: picture.pixels[place], green: picture.pixels[place + 1], blue: picture.pixels[place + 2],
          opacity: picture.pixels[place + 3])
        canvas.draw(color, x: frame.left + x, y: frame.top + y, blends: blends)
      }
    }
  }
}
