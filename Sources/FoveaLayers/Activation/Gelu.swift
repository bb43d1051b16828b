public import FoveaCore

/// The Gaussian error linear unit, y = x·Φ(x), of each element, with the normal distribution's Φ(x) = (1 + erf(x/√2)) / 2, or with
/// `approximate` y = x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2.
///
/// Source: Hendrycks, Gimpel 2016, "Gaussian Error Linear Units", section 2.
public struct Gelu: ActivationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "approximate": "whether a hyperbolic tangent stands for the error function"
    ]

    public var approximate: Bool

    public init() { self.init(approximate: false) }

    public init(approximate: Bool) {
      self.approximate = approximate
    }
  }

  public static let kind = "gelu"
  public static let summary = "x·Φ(x), with the normal distribution's Φ"

  public let configuration: Configuration
  public let kernels: ActivationKernels

  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    kernels = try ActivationKernels(configuration.approximate ? .geluByTanh : .gelu, kind: Self.kind, input: input)
  }
}
