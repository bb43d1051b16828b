public import FoveaCore

/// Maps of one size, whatever comes in: the largest of each window of `[channels, height, width]`, as many windows as `size` has elements.
///
/// Where the windows cannot be of one size, some overlap, as in PyTorch.
public struct AdaptiveMaximumPooling: AdaptivePoolingLayer {
  public static let kind = "adaptiveMaximumPooling"
  public static let summary = "maps of one size, each element the largest of a window"

  public let configuration: AdaptivePoolingConfiguration
  public let passes: AdaptivePoolingPasses

  /// - Throws: ``LayerError`` where the size is out of range, or the input is no image.
  public init(_ configuration: AdaptivePoolingConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try AdaptivePoolingPasses(Check(kind: Self.kind), maximum: true, input: input, size: configuration.size)
  }
}
