public import FoveaCore

/// Outputs to a point in a space, of length 1 unless told otherwise: v / √Σ vᵢ².
public struct EmbeddingStep: PostprocessingStep, Configurable {
  public static let kind = "embedding"
  public static let summary = "the outputs as a point in a space, of length 1"
  public static let explanations = [
    "normalizes": "whether points are brought to length 1, so that only their direction counts"
  ]

  /// Whether points are brought to length 1.
  public var normalizes = true

  public init() {}

  public init(normalizes: Bool) {
    self.normalizes = normalizes
  }

  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Embedding {
    let point = Embedding(outputs.output.values)
    let length = point.length
    // One that lies at the origin has no direction.
    guard normalizes, length > 0 else { return point }
    return Embedding(point.values.map { Float(Double($0) / length) })
  }
}
