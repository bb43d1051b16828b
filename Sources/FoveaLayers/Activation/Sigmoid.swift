public import FoveaCore

/// The logistic function, y = 1 / (1 + exp(−x)), of each element.
public struct Sigmoid: ActivationLayer {
  public static let kind = "sigmoid"
  public static let summary = "1 / (1 + exp(−x))"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.logistic, kind: Self.kind, input: input)
  }
}
