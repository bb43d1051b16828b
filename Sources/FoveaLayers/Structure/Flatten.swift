public import FoveaCore

/// All elements in one row: `[channels, height, width]` to `[channels · height · width]`, the channel slowest.
public struct Flatten: RearrangingLayer {
  public static let kind = "flatten"
  public static let summary = "all elements in one row"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  public let inputShape: Shape

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    try Check(kind: Self.kind).anything(input)
    self.configuration = configuration
    inputShape = input
    outputShape = [input.count]
  }

  public func rearrange(_ input: Tensor) -> Tensor { input.reshaped(outputShape.batched(input.shape[0])) }

  public func restore(_ output: Tensor) -> Tensor { output.reshaped(inputShape.batched(output.shape[0])) }
}
