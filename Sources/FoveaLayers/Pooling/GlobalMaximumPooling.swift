public import FoveaCore

/// The largest of each map: `[channels, height, width]` to `[channels]`.
///
/// Source: Oquab, Bottou, Laptev, Sivic 2015, "Is Object Localization for Free?", section 3.
public struct GlobalMaximumPooling: GlobalPoolingLayer {
  public static let kind = "globalMaximumPooling"
  public static let summary = "the largest of each map"

  public let configuration: NoConfiguration
  public let passes: GlobalPoolingPasses

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try GlobalPoolingPasses(Self.kind, .maximum, input: input)
  }
}
