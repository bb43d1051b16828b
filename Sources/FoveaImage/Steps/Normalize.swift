public import FoveaCore

/// Centers and scales each channel: x' = (x − mean) / deviation.
///
/// In and out: `[C, H, W]`. One mean and deviation serve all channels, or each channel has its own.
public struct Normalize: PreprocessingStep {
  public static let kind = "normalize"
  public static let summary = "subtracts each channel's mean and divides by its deviation"
  public static let requiredKeys: Set = ["mean", "deviation"]
  public static let explanations = [
    "mean": "one number, or one for each channel, in the units that come in",
    "deviation": "as many numbers as 'mean' has, above 0",
  ]

  /// In the units of the values that come in: 0…1 behind a `scale` step, 0…255 without.
  public var mean: [Float]
  /// As `mean`; above 0.
  public var deviation: [Float]

  public static var prototype: Self { Self(mean: [], deviation: []) }

  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  public func validate() throws(ImageError) {
    guard !mean.isEmpty else { throw invalid("mean", "one number, or one for each channel", "empty") }
    guard deviation.count == mean.count else {
      throw invalid("deviation", "\(mean.count.counted("number")), as many as 'mean' has", "\(deviation.count)")
    }
    for value in mean { try require(finite: value, "mean") }
    for value in deviation {
      guard value.isNormal, value > 0, value.isFinite else {
        throw invalid("deviation", "finite and above 0", "\(value)")
      }
    }
  }

  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` where the picture has another number of channels.
  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    guard mean.count == 1 || mean.count == image.channels else {
      throw .invalidInput(
        kind: Self.kind, expected: "\(mean.count.counted("channel")), as many as it has means", got: "\(image.channels)"
      )
    }
    try ImageError.requireMemory(
      for: Self.kind, width: image.width, height: image.height, bytesPerPixel: 8 * image.channels)
    var values = image.floats
    let channels = image.channels
    for channel in 0..<channels {
      let (mean, deviation) = (mean[mean.count == 1 ? 0 : channel], deviation[mean.count == 1 ? 0 : channel])
      for index in stride(from: channel, to: values.count, by: channels) {
        values[index] = (values[index] - mean) / deviation
      }
    }
    return try Image(width: image.width, height: image.height, channels: channels, pixels: .floats(values))
  }

  public func isPointwise(on shape: Shape) -> Bool { true }
}
