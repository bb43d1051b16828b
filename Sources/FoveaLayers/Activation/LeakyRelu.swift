public import FoveaCore

/// y = x where x > 0, else slope·x, of each element. Its derivative at 0 is the slope.
///
/// Source: Maas, Hannun, Ng 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models".
public struct LeakyRelu: ActivationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "slope": "of the negative side"
    ]

    /// Of the negative side.
    public var slope: Float

    public init() { self.init(slope: 0.01) }

    public init(slope: Float) {
      self.slope = slope
    }
  }

  public static let kind = "leakyRelu"
  public static let summary = "x where positive, else slope·x"

  public let configuration: Configuration
  public let kernels: ActivationKernels

  /// - Throws: ``LayerError`` where the slope is negative: the sign of the output must tell that of the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let slope = configuration.slope
    try Check(kind: Self.kind).that(slope >= 0 && slope.isFinite, "slope", "a number of 0 or more", slope)
    self.configuration = configuration
    kernels = try ActivationKernels(.leakyRelu(slope: slope), kind: Self.kind, input: input)
  }
}
