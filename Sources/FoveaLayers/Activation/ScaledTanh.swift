public import FoveaCore

/// The squashing function of LeNet-5, y = A·tanh(S·x), of each element: with the defaults, f(±1) = ±1.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B eq. 6, and appendix A.
public struct ScaledTanh: ActivationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "amplitude": "A in A·tanh(S·x)",
      "slope": "S in A·tanh(S·x)",
    ]

    public var amplitude: Float
    public var slope: Float

    public init() { self.init(amplitude: 1.7159, slope: 2 / 3) }

    public init(amplitude: Float, slope: Float) {
      self.amplitude = amplitude
      self.slope = slope
    }
  }

  public static let kind = "scaledTanh"
  public static let summary = "amplitude·tanh(slope·x)"

  public let configuration: Configuration
  public let kernels: ActivationKernels

  /// - Throws: ``LayerError`` where amplitude or slope is not positive.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let (amplitude, slope) = (configuration.amplitude, configuration.slope)
    try check.that(amplitude > 0 && amplitude.isFinite, "amplitude", "a positive number", amplitude)
    try check.that(slope > 0 && slope.isFinite, "slope", "a positive number", slope)
    self.configuration = configuration
    kernels = try ActivationKernels(.tanh(amplitude: amplitude, slope: slope), kind: Self.kind, input: input)
  }
}
