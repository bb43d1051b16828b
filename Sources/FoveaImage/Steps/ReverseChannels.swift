public import FoveaCore

/// Puts the channels into the opposite order, blue first: x'[c] = x[C − 1 − c].
///
/// In and out: `[C, H, W]`.
public struct ReverseChannels: PreprocessingStep, Configurable {
  public static let kind = "reverseChannels"
  public static let summary = "puts the channels into the opposite order: blue, green, red"

  public init() {}

  public func apply(_ image: Image) throws(ImageError) -> Image {
    let channels = image.channels
    try ImageError.requireMemory(for: Self.kind, width: image.width, height: image.height, bytesPerPixel: 4 * channels)
    func reversed<T>(_ values: [T]) -> [T] {
      values.indices.map { index in
        let channel = index % channels
        return values[index - channel + channels - 1 - channel]
      }
    }
    let pixels: Image.Pixels =
      switch image.pixels {
      case .bytes(let bytes): .bytes(reversed(bytes))
      case .floats(let floats): .floats(reversed(floats))
      }
    return try Image(width: image.width, height: image.height, channels: channels, pixels: pixels)
  }
}
