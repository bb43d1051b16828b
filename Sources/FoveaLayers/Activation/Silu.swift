public import FoveaCore

/// The sigmoid-weighted linear unit, y = x / (1 + exp(−x)), of each element; also called swish.
///
/// Source: Elfwing, Uchibe, Doya 2018, "Sigmoid-Weighted Linear Units"; Ramachandran, Zoph, Le 2017, "Searching for Activation
/// Functions".
public struct Silu: ActivationLayer {
  public static let kind = "silu"
  public static let summary = "x / (1 + exp(−x))"

  public let configuration: NoConfiguration
  public let kernels: ActivationKernels

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(.silu, kind: Self.kind, input: input)
  }
}
