public import FoveaCore

/// A rectifier with a threshold and a limit, of each element: y = most where x ≥ most, else x where x ≥ threshold, else
/// slope·(x − threshold). Its derivative where two pieces meet is that of the left one.
///
/// Source: Keras, `keras.layers.ReLU` with `max_value`, `negative_slope` and `threshold`.
public struct ThresholdedRelu: VectorElementwiseLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "threshold": "from where on x is itself", "slope": "below the threshold", "most": "what y is at most",
    ]

    public var threshold: Float
    public var slope: Float
    /// Nil for no limit.
    public var most: Float?

    public init() { self.init(threshold: 1) }

    public init(threshold: Float = 1, slope: Float = 0, most: Float? = nil) {
      self.threshold = threshold
      self.slope = slope
      self.most = most
    }
  }

  public static let kind = "thresholdedRelu"
  public static let summary = "x where above a threshold, up to a limit"

  public let configuration: Configuration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where a setting is not finite, or the limit lies below the threshold.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.that(configuration.threshold.isFinite, "threshold", "a finite number", configuration.threshold)
    try check.that(configuration.slope.isFinite, "slope", "a finite number", configuration.slope)
    if let most = configuration.most {
      try check.that(
        most.isFinite && most >= configuration.threshold, "most", "a number from the threshold on", most)
    }
    try check.anything(input)
    self.configuration = configuration
    outputShape = input
  }

  public func value(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let (threshold, slope) = (configuration.threshold, configuration.slope)
    let above = x.replacing(with: (x - threshold) * slope, where: x .< threshold)
    guard let most = configuration.most else { return above }
    return above.replacing(with: most, where: x .>= most)
  }

  public func derivative(_ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
    let ones = SIMD16<Float>(repeating: 1)
    let above = ones.replacing(with: configuration.slope, where: x .<= configuration.threshold)
    guard let most = configuration.most else { return above }
    return above.replacing(with: 0, where: x .> most)
  }
}
