public import FoveaCore

/// The mean of each window of each map.
///
/// Input `[channels, height, width]`, output `[channels, height', width']`, with
/// height' = (height + top + bottom − window) / stride + 1, rounded down.
public struct AveragePooling: PoolingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["window"]
    public static let explanations = [
      "window": "its size in pixels",
      "stride": "pixels from one window to the next; as the window where left out",
      "padding": "what is added around the image, in pixels",
      "countsPadding": "whether padding counts in the mean, as zeros",
    ]

    public var window: Extent
    /// As large as the window where nil, so that windows lie side by side.
    public var stride: Extent?
    public var padding: Padding
    /// Whether padding is averaged as zeros, or left out of the average.
    public var countsPadding: Bool

    public static var prototype: Self { Self(window: 1) }

    public init(window: Extent, stride: Extent? = nil, padding: Padding = .valid, countsPadding: Bool = false) {
      self.window = window
      self.stride = stride
      self.padding = padding
      self.countsPadding = countsPadding
    }
  }

  public static let kind = "averagePooling"
  public static let summary = "the mean of each window"

  public let configuration: Configuration
  public let passes: PoolingPasses

  /// - Throws: ``LayerError`` where a setting is out of range, the window is larger than the padded input, or the
  ///   padding is as large as the window.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try PoolingPasses(
      Check(kind: Self.kind), configuration.countsPadding ? .average : .averageWithin, input: input,
      window: configuration.window, stride: configuration.stride, padding: configuration.padding)
  }
}
