import CPNG
public import FoveaCore

/// Makes an animated PNG, frame by frame. What knows nothing of animations shows the first frame.
///
/// A frame is packed when it comes, so that what is held is the packed file and one frame. Of frames after the first, only
/// the rectangle in which they differ from the one before is stored, and in it, what stays the same is left transparent;
/// a frame that is the same as the one before makes that last longer instead. The file has RGBA, whatever comes, or a palette.
/// Bytes are written as they are; floats are taken to be 0…255, rounded and clamped.
///
/// Source: PNG specification, third edition (W3C), section 11.3.6.
public struct AnimatedPNG: Sendable {
  /// How long a frame can last, in milliseconds.
  public static let delays = 1...65_535

  /// How many frames are stored.
  public private(set) var frameCount = 0
  /// How long a run through all frames takes.
  public private(set) var milliseconds = 0
  /// What is packed so far, but for the last frame.
  package var byteCount: Int { chunks.count }

  private struct Packed {
    let rect: PixelRect
    var delay: Int
    /// Whether it is laid over what is there, and does not replace that.
    let isLaidOver: Bool
    let data: [UInt8]
  }

  private let loops: UInt32
  private let compression: Int32
  private var palette: AnimationPalette?
  private var shown: Image?
  // Not written yet, since it may have to last longer.
  private var last: Packed?
  private var chunks: [UInt8] = []
  private var sequence: UInt32 = 0

  /// - Parameters:
  ///   - loops: how often all of it is shown; 0 for without end.
  ///   - compression: 0 (fast) to 9 (small).
  ///   - colors: all that there are, 255 at most; what is another color is drawn in the nearest of them, and opaque. Nil for
  ///     any colors: drawings take less than half with a palette.
  public init(loops: Int = 0, compression: Int = 6, colors: [Color]? = nil) {
    palette = colors.flatMap(AnimationPalette.init)
    self.loops = UInt32(clamping: loops)
    self.compression = Int32(min(max(compression, 0), 9))
  }

  /// Puts a frame behind those that there are: gray, RGB or RGBA, of the first one's size and channels.
  ///
  /// - Parameter milliseconds: how long it is shown, 1 to 65,535.
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for another length, size or number of channels,
  ///   ``ImageError/unencodable(target:reason:)`` where memory is short.
  public mutating func add(_ image: Image, milliseconds: Int) throws(ImageError) {
    guard Self.delays.contains(milliseconds) else {
      throw .invalidInput(
        kind: "animation", expected: "frames that last 1 to 65535 milliseconds", got: "\(milliseconds)")
    }
    guard [1, 3, 4].contains(image.channels) else {
      throw .invalidInput(
        kind: "animation", expected: "frames of 1, 3 or 4 channels", got: "\(image.channels) channels")
    }
    let image = try image.bytes()
    if let shown, (shown.width, shown.height, shown.channels) != (image.width, image.height, image.channels) {
      throw .invalidInput(
        kind: "animation", expected: "frames of \(shown.width)×\(shown.height)×\(shown.channels), as the first is",
        got: "\(image.width)×\(image.height)×\(image.channels)")
    }
    self.milliseconds += milliseconds
    let changed =
      shown.map { AnimationPart.changes(from: $0, to: image) }
      ?? PixelRect(x: 0, y: 0, width: image.width, height: image.height)
    if changed == nil, let delay = last?.delay, delay + milliseconds <= Self.delays.upperBound {
      last?.delay += milliseconds
      return
    }
    // A frame has a pixel at least.
    let rect = changed ?? PixelRect(x: 0, y: 0, width: 1, height: 1)
    let part = AnimationPart(of: image, rect, over: shown)
    // What a palette numbers has no order that a filter could use.
    let packed =
      palette == nil
      ? PNGRows.packed(part.pixels, row: 4 * rect.width, compression: compression)
      : PNGRows.plain(palette?.indices(of: part.pixels) ?? [], row: rect.width, compression: compression)
    guard let data = packed else {
      throw .unencodable(target: "frame \(frameCount) of the animation", reason: "there is not enough memory")
    }
    writeLast()
    last = Packed(rect: rect, delay: milliseconds, isLaidOver: part.isLaidOver, data: data)
    shown = image
    frameCount += 1
  }

  /// The file.
  ///
  /// - Throws: ``ImageError/unencodable(target:reason:)`` where there is no frame.
  public func encoded() throws(ImageError) -> [UInt8] { try encoded(target: "the animation") }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: ``ImageError/unencodable(target:reason:)``
  public func write(to path: String) throws(ImageError) { try ImageEncoder.write(encoded(target: path), to: path) }

  private func encoded(target: String) throws(ImageError) -> [UInt8] {
    guard let shown else { throw .unencodable(target: target, reason: "an animation must have a frame") }
    var whole = self
    whole.writeLast()
    let header =
      Self.bytes(UInt32(shown.width)) + Self.bytes(UInt32(shown.height)) + [8, palette == nil ? 6 : 3, 0, 0, 0]
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let control = Self.bytes(UInt32(frameCount)) + Self.bytes(loops)
    let colors = palette.map { Self.chunk("PLTE", $0.table) + Self.chunk("tRNS", [0]) } ?? []
    let start = signature + Self.chunk("IHDR", header) + Self.chunk("acTL", control) + colors
    return start + whole.chunks + Self.chunk("IEND", [])
  }

  private mutating func writeLast() {
    guard let frame = last else { return }
    let rect = frame.rect
    var control = Self.bytes(sequence)
    for number in [rect.width, rect.height, rect.x, rect.y] { control += Self.bytes(UInt32(number)) }
    // In thousandths of a second. At its end, what was drawn stays.
    for number in [frame.delay, 1000] { control += Self.bytes(UInt32(number)).suffix(2) }
    control += [0, frame.isLaidOver ? 1 : 0]
    chunks += Self.chunk("fcTL", control)
    if sequence == 0 {
      chunks += Self.chunk("IDAT", frame.data)
      sequence = 1
    } else {
      chunks += Self.chunk("fdAT", Self.bytes(sequence + 1) + frame.data)
      sequence += 2
    }
    last = nil
  }

  private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + data
    let check = body.withUnsafeBufferPointer { fpn_checksum($0.baseAddress, $0.count) }
    return bytes(UInt32(data.count)) + body + bytes(check)
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
