public import FoveaCore

/// Swish with a piecewise linear sigmoid, y = x·min(max(x + 3, 0), 6) / 6, of each element.
///
/// Source: Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
public struct HardSwish: ActivationLayer {
  public static let kind = "hardSwish"
  public static let summary = "x·min(max(x + 3, 0), 6) / 6"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.hardSwish, kind: Self.kind, input: input)
  }
}
