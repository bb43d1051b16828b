public import FoveaCore

/// Outputs to a point in a space, of length 1 unless told otherwise: v / √Σ vᵢ².
public struct EmbeddingStep: PostprocessingStep {
  public static let kind = "embedding"
  public static let summary = "the outputs as a point in a space, of length 1"
  public static let explanations = [
    "normalizes": "whether points are brought to length 1, so that only their direction counts",
    "output": "the network's output to take, where there are several",
  ]

  /// Whether points are brought to length 1.
  public var normalizes = true
  /// The network's output to take, where there are several.
  public var output: String?

  public init() {}

  public init(normalizes: Bool, output: String? = nil) {
    self.normalizes = normalizes
    self.output = output
  }

  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Embedding {
    let point = Embedding(try outputs.output(named: output, for: Self.kind).values)
    let length = point.length
    // One that lies at the origin has no direction.
    guard normalizes, length > 0 else { return point }
    return Embedding(point.values.map { Float(Double($0) / length) })
  }
}
