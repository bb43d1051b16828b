public import FoveaCore

/// The largest of two or more inputs of one shape, element by element.
public struct Maximum: ExtremeLayer {
  public static let kind = "maximum"
  public static let summary = "the largest of its inputs at each place"

  public let configuration: NoConfiguration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where there are fewer than two inputs, or their shapes differ.
  public init(_ configuration: NoConfiguration, inputs: [Shape]) throws(LayerError) {
    self.configuration = configuration
    outputShape = try Check(kind: Self.kind).one(inputs)
  }

  public static func keeps(_ first: Float, over second: Float) -> Bool { first >= second }
}
