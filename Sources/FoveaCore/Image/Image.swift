/// A picture in memory: rows of interleaved channels, top row first.
///
/// One channel is grey, three are red, green, blue. Bytes hold 0…255; floats hold whatever range a preprocessing step
/// has brought them to, and 0…255 before any step has.
public struct Image: Sendable, Equatable {
  public enum Pixels: Sendable, Equatable {
    case bytes([UInt8])
    case floats([Float])

    public var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count
      }
    }
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  public let channels: Int
  public let pixels: Pixels

  /// - Throws: ``ImageError/pixelCount(width:height:channels:got:)`` where the pixels do not fill the image exactly.
  public init(width: Int, height: Int, channels: Int, pixels: Pixels) throws(ImageError) {
    guard width > 0, height > 0, channels > 0,
      let shape = try? Shape(checking: [height, width, channels]), shape.count == pixels.count
    else {
      throw .pixelCount(width: width, height: height, channels: channels, got: pixels.count)
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  public var size: ImageSize { ImageSize(width: width, height: height) }

  /// `[channels, height, width]`, as a network sees it.
  public var shape: Shape { [channels, height, width] }

  /// The values as floats, whatever they are stored as: `height × width × channels`.
  public var floats: [Float] {
    switch pixels {
    case .bytes(let bytes): bytes.map(Float.init)
    case .floats(let floats): floats
    }
  }

  /// Writes the values in the order of a network's input, `channels × height × width`.
  public func writePlanar(into destination: UnsafeMutableBufferPointer<Float>) {
    let count = width * height
    switch pixels {
    case .bytes(let bytes):
      for channel in 0..<channels {
        for i in 0..<count { destination[channel * count + i] = Float(bytes[i * channels + channel]) }
      }
    case .floats(let floats):
      for channel in 0..<channels {
        for i in 0..<count { destination[channel * count + i] = floats[i * channels + channel] }
      }
    }
  }
}
