public import FoveaCore

/// The axes of each example in another order: axis i of the output is axis `axes[i]` of the input, counted from 0 without the batch.
public struct Permute: RearrangingLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["axes"]
    public static let explanations = ["axes": "of the input, from 0, in the output's order"]

    public var axes: [Int]

    public static var prototype: Self { Self(axes: [0]) }

    public init(axes: [Int]) {
      self.axes = axes
    }
  }

  public static let kind = "permute"
  public static let summary = "the axes in another order"

  public let configuration: Configuration
  public let outputShape: Shape
  public let inputShape: Shape
  /// With the batch, which stays in front, there and back.
  private let order, inverse: [Int]

  /// - Throws: ``LayerError`` where `axes` are not all of the input's, each once.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let (check, axes) = (Check(kind: Self.kind), configuration.axes)
    try check.anything(input)
    try check.that(
      axes.sorted() == Array(0..<input.rank), "axes", "the numbers from 0 to \(input.rank - 1), each once", axes)
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(axes.map { input[$0] })
    let order = [0] + axes.map { $0 + 1 }
    self.order = order
    inverse = order.indices.map { place in order.firstIndex(of: place) ?? place }
  }

  public func rearrange(_ input: Tensor) -> Tensor { input.permuted(order) ?? input }

  public func restore(_ output: Tensor) -> Tensor { output.permuted(inverse) ?? output }
}
