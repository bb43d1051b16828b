public import FoveaCore

/// The largest element of each window of each map.
///
/// Input `[channels, height, width]`, output `[channels, height', width']`, with
/// height' = (height + top + bottom − window) / stride + 1, rounded down. Padding never wins.
public struct MaximumPooling: PoolingLayer {
  public static let kind = "maximumPooling"
  public static let summary = "the largest element of each window"

  public let configuration: PoolingConfiguration
  public let passes: PoolingPasses

  /// - Throws: ``LayerError`` where a setting is out of range, the window is larger than the padded input, or the
  ///   padding is as large as the window.
  public init(_ configuration: PoolingConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try PoolingPasses(
      Check(kind: Self.kind), .maximum, input: input, window: configuration.window, stride: configuration.stride,
      padding: configuration.padding)
  }
}

extension MaximumPooling {
  /// The window, where windows lie side by side and see no padding.
  var separateWindow: Extent? { passes.separateWindow }
}
