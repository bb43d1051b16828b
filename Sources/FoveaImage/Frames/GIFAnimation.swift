import FoveaCore

/// The frames of a GIF, each drawn over what those before have left.
///
/// Source: CompuServe, "Graphics Interchange Format", version 89a, section 23. What is restored to the background is
/// transparent, as in browsers.
final class GIFAnimation: FrameReader {
  private enum Disposal {
    static let background = 2
    static let previous = 3
  }

  private let reader: ByteReader
  private let name: String
  private let mostPixels: Int
  private var following: GIFHeader?
  private var drawn: GIFHeader?
  private var canvas: AnimationCanvas
  private var number = 0

  /// Nil where there is one frame only.
  init?(_ reader: ByteReader, _ name: String, _ decoder: ImageDecoder) throws(PictureFailure) {
    let first = try GIFHeader(reader)
    guard try first.next(reader) != nil else { return nil }
    (self.reader, self.name, mostPixels, following) = (reader, name, decoder.maximumPixels, first)
    canvas = try AnimationCanvas(width: first.width, height: first.height)
  }

  var frameBytes: Int { canvas.width * canvas.height * 3 }
  // The canvas, a copy that it is set back to, and the indices of a frame.
  var workingBytes: Int { reader.count + canvas.width * canvas.height * 9 }

  func next(_ isWanted: (Int, Double?) -> Bool) throws(ImageError) -> Frame? {
    do throws(PictureFailure) {
      while let frame = following {
        try draw(frame)
        following = try frame.next(reader)
        defer { number += 1 }
        if isWanted(number, nil) {
          do throws(ImageError) { return Frame(number: number, image: try canvas.image()) } catch { throw .outOfMemory }
        }
      }
      return nil
    } catch {
      following = nil
      throw ImageError(error, "'\(name)'", needed: "its frame \(number)")
    }
  }

  private func draw(_ gif: GIFHeader) throws(PictureFailure) {
    let frame = gif.frame
    guard frame.width <= mostPixels / frame.height, frame.width * frame.height / 2730 <= reader.count else {
      throw .damaged("its frame \(number) is said to have \(frame.width)×\(frame.height) pixels")
    }
    if let drawn {
      let last = drawn.frame
      switch drawn.disposal {
      case Disposal.background:
        canvas.clear(left: last.left, top: last.top, width: last.width, height: last.height)
      case Disposal.previous: canvas.restore()
      default: break
      }
    }
    if gif.disposal == Disposal.previous { canvas.keep() }
    drawn = gif
    let indices = try GIFFormat.unpacked(reader.bytes, gif)
    for y in 0..<frame.height {
      guard let row = GIFFormat.storedRow(y, gif) else { continue }
      for x in 0..<frame.width {
        let index = Int(indices[row * frame.width + x])
        guard index < gif.palette.count else {
          throw .damaged("it uses color \(index) of a palette of \(gif.palette.count)")
        }
        canvas.draw(gif.palette[index], x: frame.left + x, y: frame.top + y, blends: true)
      }
    }
  }
}
