public import FoveaCore

/// The hyperbolic tangent, y = tanh(x), of each element.
public struct Tanh: ActivationLayer {
  public static let kind = "tanh"
  public static let summary = "tanh(x)"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.tanh(amplitude: 1, slope: 1), kind: Self.kind, input: input)
  }
}
