import CPixels
import FoveaCore

/// What an animation's frames are drawn on, one over the other; at first, nothing.
struct AnimationCanvas {
  let width: Int
  let height: Int
  /// Red, green, blue and opacity.
  private(set) var pixels: [UInt8]
  private var kept: [UInt8]?

  init(width: Int, height: Int) throws(PictureFailure) {
    (self.width, self.height) = (width, height)
    let pixels = try? [UInt8](checkedCount: width * height * 4) { buffer in
      buffer.update(repeating: 0)
      return true
    }
    guard let pixels else { throw .outOfMemory }
    self.pixels = pixels
  }

  /// Lays a pixel over what is there, or puts it in its place. What lies outside is dropped.
  mutating func draw(_ color: PackedColor, x: Int, y: Int, blends: Bool) {
    guard x < width, y < height else { return }
    let place = 4 * (y * width + x)
    guard blends, color.opacity < 255, pixels[place + 3] > 0 else {
      if blends && color.opacity == 0 { return }
      (pixels[place], pixels[place + 1], pixels[place + 2]) = (color.red, color.green, color.blue)
      pixels[place + 3] = color.opacity
      return
    }
    let above = Int(color.opacity)
    guard above > 0 else { return }
    let below = Int(pixels[place + 3]) * (255 - above) / 255
    let both = above + below
    for (offset, value) in [color.red, color.green, color.blue].enumerated() {
      let mixed = (Int(value) * above + Int(pixels[place + offset]) * below + both / 2) / both
      pixels[place + offset] = UInt8(mixed)
    }
    pixels[place + 3] = UInt8(both)
  }

  mutating func clear(left: Int, top: Int, width: Int, height: Int) {
    for y in top..<max(top, min(top + height, self.height)) {
      let first = 4 * (y * self.width + min(left, self.width))
      for place in first..<(4 * (y * self.width + min(left + width, self.width))) { pixels[place] = 0 }
    }
  }

  mutating func keep() { kept = pixels }

  mutating func restore() {
    if let kept { pixels = kept }
    kept = nil
  }

  /// Over white.
  func image() throws(ImageError) -> Image {
    let bytes = try? [UInt8](checkedCount: width * height * 3) { buffer in
      pixels.withUnsafeBufferPointer { fpx_convert($0.baseAddress, 4, buffer.baseAddress, 3, width * height) }
      return true
    }
    guard let bytes else { throw .outOfMemory(source: "a frame", needed: "its \(width)×\(height) pixels") }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
  }
}
