public import FoveaCore

/// The same elements, in the same order, under another shape.
public struct Reshape: RearrangingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["shape"]
    public static let explanations = ["shape": "of the output, with as many elements as the input has"]

    public var shape: [Int]

    public static var prototype: Self { Self(shape: [1]) }

    public init(shape: [Int]) {
      self.shape = shape
    }
  }

  public static let kind = "reshape"
  public static let summary = "the same elements under another shape"

  public let configuration: Configuration
  public let outputShape: Shape
  public let inputShape: Shape

  /// - Throws: ``LayerError`` where the shape is none, or has not as many elements as the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.anything(input)
    try check.that(
      (1..<Shape.mostAxes).contains(configuration.shape.count), "shape", "1 to \(Shape.mostAxes - 1) extents",
      configuration.shape)
    for extent in configuration.shape { try check.range(extent, "shape") }
    try check.size(configuration.shape, "shape", "outputs")
    let shape = Shape(configuration.shape)
    try check.that(
      shape.count == input.count, "shape", "extents whose product is \(input.count), the input's", configuration.shape)
    self.configuration = configuration
    inputShape = input
    outputShape = shape
  }

  public func rearrange(_ input: Tensor) -> Tensor { input.reshaped(outputShape.batched(input.shape[0])) }

  public func restore(_ output: Tensor) -> Tensor { output.reshaped(inputShape.batched(output.shape[0])) }
}
