public import FoveaCore

/// The smallest of two or more inputs of one shape, element by element.
public struct Minimum: ExtremeLayer {
  public static let kind = "minimum"
  public static let summary = "the smallest of its inputs at each place"

  public let configuration: NoConfiguration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where there are fewer than two inputs, or their shapes differ.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    self.configuration = configuration
    outputShape = try Check(kind: Self.kind).one(inputs)
  }

  public static func keeps(_ first: Float, over second: Float) -> Bool { first <= second }
}
