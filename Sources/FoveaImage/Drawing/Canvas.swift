import COpenCV
public import FoveaCore

/// A sheet of RGB pixels to draw on. What lies beyond its edges is cut off.
public struct Canvas: Sendable, Equatable {
  public let width: Int
  public let height: Int
  private var pixels: [UInt8]

  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for sides below 1 or above 32,767 pixels.
  public init(width: Int, height: Int, background: Color = .white) throws(ImageError) {
    let sides = 1...Image.longestSide
    guard sides.contains(width), sides.contains(height) else {
      throw .invalidInput(
        kind: "canvas", expected: "sides of 1 to \(Image.longestSide) pixels", got: "\(width)×\(height)")
    }
    self.width = width
    self.height = height
    pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
      count = buffer.count
      for index in 0..<width * height {
        buffer[3 * index] = background.red
        buffer[3 * index + 1] = background.green
        buffer[3 * index + 2] = background.blue
      }
    }
  }

  /// What has been drawn so far.
  public func image() throws(ImageError) -> Image {
    try Image(width: width, height: height, channels: 3, pixels: .bytes(pixels))
  }

  public subscript(x: Int, y: Int) -> Color? {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return nil }
    let index = 3 * (y * width + x)
    return Color(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
  }

  /// Puts an image with its upper left corner at (x, y), each of its pixels a square of `magnification` pixels, without blur.
  /// Gray and RGB are drawn; floats are taken to be 0…255; opacity is ignored.
  public mutating func draw(_ image: Image, x: Int, y: Int, magnification: Int = 1) throws(ImageError) {
    guard magnification >= 1, magnification <= Image.longestSide else {
      throw .invalidInput(kind: "canvas", expected: "a magnification of 1 or more", got: "\(magnification)")
    }
    guard case .bytes(let source) = try image.rgb().bytes().pixels else { return }
    let rows = max(y, 0)..<max(min(y + image.height * magnification, height), max(y, 0))
    let columns = max(x, 0)..<max(min(x + image.width * magnification, width), max(x, 0))
    for row in rows {
      let sourceRow = (row - y) / magnification * image.width
      for column in columns {
        let from = 3 * (sourceRow + (column - x) / magnification)
        let to = 3 * (row * width + column)
        pixels[to] = source[from]
        pixels[to + 1] = source[from + 1]
        pixels[to + 2] = source[from + 2]
      }
    }
  }

  public mutating func fill(_ rect: PixelRect, _ color: Color) throws(ImageError) {
    try rectangle(rect, color, thickness: -1)
  }

  /// The outline of `rect`, whose pixels it covers; a thicker one grows to both sides.
  public mutating func outline(_ rect: PixelRect, _ color: Color, thickness: Int = 1) throws(ImageError) {
    try rectangle(rect, color, thickness: max(thickness, 1))
  }

  /// Both ends included.
  public mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: Color, thickness: Int = 1
  ) throws(ImageError) {
    try draw { view, error in
      fcv_draw_line(
        view, Self.point(start), Self.point(end), color.components, Int32(min(max(thickness, 1), 255)), error)
    }
  }

  /// One line of text whose baseline begins at (x, y). Characters beyond ASCII are replaced.
  public mutating func text(_ text: String, x: Int, y: Int, style: TextStyle = TextStyle()) throws(ImageError) {
    try draw { view, error in
      fcv_draw_text(
        view, TextStyle.drawable(text), Self.point((x, y)), style.scale, style.color.components, style.shimThickness,
        error)
    }
  }

  private mutating func rectangle(_ rect: PixelRect, _ color: Color, thickness: Int) throws(ImageError) {
    guard rect.width > 0, rect.height > 0 else { return }
    let opposite = (rect.x + rect.width - 1, rect.y + rect.height - 1)
    try draw { view, error in
      fcv_draw_rectangle(
        view, Self.point((rect.x, rect.y)), Self.point(opposite), color.components, Int32(min(thickness, 255)), error)
    }
  }

  /// OpenCV computes with 16 fractional bits, so what lies far outside is brought nearer; it is invisible anyway.
  private static func point(_ point: (x: Int, y: Int)) -> FCVPoint {
    let limit = 4 * Image.longestSide
    return FCVPoint(x: Int32(min(max(point.x, -limit), limit)), y: Int32(min(max(point.y, -limit), limit)))
  }

  private mutating func draw(
    _ body: (FCVView, UnsafeMutablePointer<FCVError>) -> FCVStatus
  ) throws(ImageError) {
    let (width, height) = (Int32(width), Int32(height))
    do throws(ShimFailure) {
      var failure: ShimFailure?
      pixels.withUnsafeMutableBytes { buffer in
        let view = FCVView(data: buffer.baseAddress, width: width, height: height, channels: 3, depth: FCV_UINT8)
        do throws(ShimFailure) { try callShim { body(view, $0) } } catch { failure = error }
      }
      if let failure { throw failure }
    } catch {
      throw .failed(kind: "canvas", message: error.message)
    }
  }
}
