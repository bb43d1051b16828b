import FoveaCore
import FoveaImage

/// Small pictures side by side in a few files, so that a page with very many of them loads few.
struct SpriteSheets {
  /// Of a place, in pixels.
  let side: Int
  let columns: Int
  /// Rows of a whole sheet.
  let rows: Int
  /// Each with its file's name.
  private(set) var files: [(name: String, bytes: [UInt8])] = []
  /// By the picture's number: how many pixels of its place it fills, across and down; 0 where there is no picture.
  private(set) var extents: [(width: UInt8, height: UInt8)] = []

  var perSheet: Int { columns * rows }

  /// - Parameters:
  ///   - count: how many pictures.
  ///   - image: decodes one, on any thread, no smaller than `side` if it is larger; nil where it cannot be read.
  init(
    count: Int, side: Int, on pool: WorkerPool, onProgress: (Int) throws -> Void,
    image: @escaping @Sendable (Int, ImageDecoder) -> Image?
  ) throws {
    self.side = side
    // No texture is too large for a phone with 2048 pixels.
    columns = 2048 / side
    rows = columns
    let decoder = ImageDecoder(sufficientSize: ImageSize(width: side, height: side))
    for first in stride(from: 0, to: count, by: perSheet) {
      let number = min(perSheet, count - first)
      let height = (number + columns - 1) / columns * side
      let width = min(number, columns) * side
      var pixels = [UInt8](repeating: 0, count: width * height * 3)
      var isSmall = true
      // A part of a sheet at a time, so that few decoded pictures are in memory.
      let part = pool.count * 16
      for start in stride(from: 0, to: number, by: part) {
        let end = min(start + part, number)
        let made = pool.map(end - start) { place -> (image: Image, isSmall: Bool)? in
          guard let image = image(first + start + place, decoder) else { return nil }
          return Self.fitted(image, side)
        }
        for (place, one) in made.enumerated() {
          guard let one else {
            extents.append((0, 0))
            continue
          }
          isSmall = isSmall && one.isSmall
          let slot = start + place
          Self.draw(one.image, into: &pixels, width: width, x: slot % columns * side, y: slot / columns * side)
          extents.append((UInt8(clamping: one.image.width), UInt8(clamping: one.image.height)))
        }
        try onProgress(first + end)
      }
      let sheet = try Image(width: width, height: height, channels: 3, pixels: .bytes(pixels))
      let encoder = isSmall ? ImageEncoder.png() : .jpeg(quality: 80)
      files.append(("pictures-\(files.count).\(isSmall ? "png" : "jpg")", try encoder.encode(sheet)))
    }
  }

  private static func fitted(_ image: Image, _ side: Int) -> (image: Image, isSmall: Bool)? {
    let longest = max(image.width, image.height)
    guard longest > side else { return (image, true) }
    func scaled(_ length: Int) -> Int { max(1, length * side / longest) }
    let small = try? image.resized(width: scaled(image.width), height: scaled(image.height))
    return small.map { ($0, false) }
  }

  private static func draw(_ image: Image, into pixels: inout [UInt8], width: Int, x: Int, y: Int) {
    guard case .bytes(let source) = (try? image.bytes())?.pixels else { return }
    let channels = image.channels
    for row in 0..<image.height {
      for column in 0..<image.width {
        let from = (row * image.width + column) * channels
        let to = ((y + row) * width + x + column) * 3
        for channel in 0..<3 { pixels[to + channel] = source[from + (channels >= 3 ? channel : 0)] }
      }
    }
  }
}
