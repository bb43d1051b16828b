public import FoveaCore

/// The exponential linear unit, y = x where x > 0, else alpha·(exp(x) − 1), of each element.
///
/// Source: Clevert, Unterthiner, Hochreiter 2016, "Fast and Accurate Deep Network Learning by Exponential Linear Units".
public struct Elu: ActivationLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "alpha": "how far the negative side goes down"
    ]

    /// The negative side ends at −alpha.
    public var alpha: Float

    public init() { self.init(alpha: 1) }

    public init(alpha: Float) {
      self.alpha = alpha
    }
  }

  public static let kind = "elu"
  public static let summary = "x where positive, else alpha·(exp(x) − 1)"

  public let configuration: Configuration
  public let kernels: ActivationKernels

  /// - Throws: ``LayerError`` where alpha is negative: the sign of the output must tell that of the input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let alpha = configuration.alpha
    try Check(kind: Self.kind).that(alpha >= 0 && alpha.isFinite, "alpha", "a number of 0 or more", alpha)
    self.configuration = configuration
    kernels = try ActivationKernels(.elu(alpha: alpha), kind: Self.kind, input: input)
  }
}
