public import FoveaCore

/// Zeros around each map: `[channels, height, width]` to `[channels, height + top + bottom, width + left + right]`.
public struct ZeroPadding: RearrangingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["padding"]
    public static let explanations = [
      "padding": "rows and columns of zeros, in pixels"
    ]

    /// In pixels.
    public var padding: Sides

    public static var prototype: Self { Self(padding: .none) }

    public init(padding: Sides) {
      self.padding = padding
    }
  }

  public static let kind = "zeroPadding"
  public static let summary = "zeros around each map"

  public let configuration: Configuration
  public var outputShape: Shape { frame.outer }
  public var inputShape: Shape { frame.inner }
  private let frame: MapFrame

  /// - Throws: ``LayerError`` where a side is negative, or the output would be too large.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let padding = configuration.padding
    try check.range(padding, "padding")
    try check.image(input)
    let dimensions = [
      input[0], input[1] + padding.top + padding.bottom, input[2] + padding.left + padding.right,
    ]
    try check.size(dimensions, "padding", "outputs")
    self.configuration = configuration
    frame = MapFrame(inner: input, outer: Shape(dimensions), sides: padding)
  }

  public func rearrange(_ input: Tensor) -> Tensor { frame.surround(input) }

  public func restore(_ output: Tensor) -> Tensor { frame.cut(output) }
}
