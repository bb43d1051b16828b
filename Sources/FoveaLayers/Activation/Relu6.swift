public import FoveaCore

/// The rectifier that ends at 6, y = min(max(x, 0), 6), of each element. Its derivative at 0 and at 6 is 0.
///
/// Source: Krizhevsky 2010, "Convolutional Deep Belief Networks on CIFAR-10", section 2.
public struct Relu6: ActivationLayer {
  public static let kind = "relu6"
  public static let summary = "min(max(x, 0), 6)"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.clip(lower: 0, upper: 6), kind: Self.kind, input: input)
  }
}
