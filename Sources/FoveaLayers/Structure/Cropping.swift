public import FoveaCore

/// Each map without some of its rows and columns: `[channels, height, width]` to
/// `[channels, height − top − bottom, width − left − right]`.
public struct Cropping: RearrangingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["sides"]
    public static let explanations = [
      "sides": "rows and columns that are cut off, in pixels"
    ]

    /// In pixels.
    public var sides: Sides

    public static var prototype: Self { Self(sides: .none) }

    public init(sides: Sides) {
      self.sides = sides
    }
  }

  public static let kind = "cropping"
  public static let summary = "maps without some rows and columns at their sides"

  public let configuration: Configuration
  public var outputShape: Shape { frame.inner }
  public var inputShape: Shape { frame.outer }
  private let frame: MapFrame

  /// - Throws: ``LayerError`` where a side is negative, or nothing is left.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let sides = configuration.sides
    try check.range(sides, "sides")
    try check.image(input)
    let dimensions = [input[0], input[1] - sides.top - sides.bottom, input[2] - sides.left - sides.right]
    try check.that(
      dimensions[1] > 0 && dimensions[2] > 0, "sides",
      "so small that something is left of \(input[1])×\(input[2]) pixels",
      "\(sides.named.map(\.count))")
    self.configuration = configuration
    frame = MapFrame(inner: Shape(dimensions), outer: input, sides: sides)
  }

  public func rearrange(_ input: Tensor) -> Tensor { frame.cut(input) }

  public func restore(_ output: Tensor) -> Tensor { frame.surround(output) }
}
