public import FoveaCore

/// The rectifier, y = max(x, 0), of each element. Its derivative at 0 is 0.
public struct Relu: ActivationLayer {
  public static let kind = "relu"
  public static let summary = "max(x, 0)"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.relu, kind: Self.kind, input: input)
  }
}
