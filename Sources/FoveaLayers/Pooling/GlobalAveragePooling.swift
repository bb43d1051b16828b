public import FoveaCore

/// The mean of each map: `[channels, height, width]` to `[channels]`.
///
/// Source: Lin, Chen, Yan 2014, "Network In Network", section 3.2.
public struct GlobalAveragePooling: GlobalPoolingLayer {
  public static let kind = "globalAveragePooling"
  public static let summary = "the mean of each map"

  public let configuration: NoConfiguration
  public let passes: GlobalPoolingPasses

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    passes = try GlobalPoolingPasses(Self.kind, .average, input: input)
  }
}
