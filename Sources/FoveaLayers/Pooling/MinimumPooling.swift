public import FoveaCore

/// The smallest element of each window of each map.
///
/// Input `[channels, height, width]`, output `[channels, height', width']`, with
/// height' = (height + top + bottom − window) / stride + 1, rounded down. Padding never wins.
public struct MinimumPooling: PoolingLayer {
  public static let kind = "minimumPooling"
  public static let summary = "the smallest element of each window"

  public let configuration: PoolingConfiguration
  public let passes: PoolingPasses

  /// - Throws: ``LayerError`` where a setting is out of range, the window is larger than the padded input, or the
  ///   padding is as large as the window.
  public init(_ configuration: PoolingConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try PoolingPasses(
      Check(kind: Self.kind), .minimum, input: input, window: configuration.window, stride: configuration.stride,
      padding: configuration.padding)
  }
}
