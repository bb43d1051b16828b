import FoveaCore

/// What a frame of an animation changes of the one before, as RGBA.
struct AnimationPart {
  let pixels: [UInt8]
  /// Whether what is transparent is to stay as it was.
  let isLaidOver: Bool

  /// The rectangle in which an image differs from one of the same size and channels, both of bytes; nil where nothing
  /// differs.
  static func changes(from old: Image, to new: Image) -> PixelRect? {
    let (row, channels, height) = (new.width * new.channels, new.channels, new.height)
    return withBytes(old, new) { old, new in
      func differs(_ y: Int, _ byte: Int) -> Bool { old[y * row + byte] != new[y * row + byte] }
      func differs(_ y: Int) -> Bool { (0..<row).contains { differs(y, $0) } }
      guard let top = (0..<height).first(where: { differs($0) }),
        let bottom = (top..<height).last(where: { differs($0) })
      else { return nil }
      var (left, right) = (row, 0)
      for y in top...bottom {
        if let first = (0..<left).first(where: { differs(y, $0) }) { left = first }
        if let last = (right..<row).last(where: { differs(y, $0) }) { right = last + 1 }
      }
      let (first, end) = (left / channels, (right + channels - 1) / channels)
      return PixelRect(x: first, y: top, width: end - first, height: bottom - top + 1)
    }
  }

  /// - Parameter old: the frame before, of the same size and channels, if there is one.
  init(of new: Image, _ rect: PixelRect, over old: Image?) {
    let (width, channels) = (new.width, new.channels)
    var same: [Int] = []
    var pixels = Self.withBytes(old ?? new, new) { old, new in
      var pixels: [UInt8] = []
      pixels.reserveCapacity(4 * rect.width * rect.height)
      for y in rect.y..<rect.y + rect.height {
        for place in y * width + rect.x..<y * width + rect.x + rect.width {
          let start = place * channels
          if (start..<start + channels).allSatisfy({ old[$0] == new[$0] }) { same.append(pixels.count) }
          pixels.append(new[start])
          pixels.append(new[start + (channels > 1 ? 1 : 0)])
          pixels.append(new[start + (channels > 1 ? 2 : 0)])
          pixels.append(channels == 4 ? new[start + 3] : 255)
        }
      }
      return pixels
    }
    // What is half transparent must replace, and can't be laid over. Where nearly all changes, holes are but noise.
    isLaidOver = old != nil && channels < 4 && 16 * same.count > pixels.count
    if isLaidOver {
      for start in same {
        for place in start..<start + 4 { pixels[place] = 0 }
      }
    }
    self.pixels = pixels
  }

  private static func withBytes<Result>(
    _ old: Image, _ new: Image, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    func bytes(_ image: Image) -> [UInt8] { if case .bytes(let bytes) = image.pixels { bytes } else { [] } }
    return bytes(old).withUnsafeBufferPointer { old in
      bytes(new).withUnsafeBufferPointer { new in body(old, new) }
    }
  }
}
