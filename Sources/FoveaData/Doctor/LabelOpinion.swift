/// What a model thinks of an example's label.
public struct LabelOpinion: Sendable, Equatable {
  /// The class that the model finds most probable.
  public let label: String
  /// How sure it is of that class, 0…1.
  public let confidence: Float
  /// How sure it is of the class that the example is labelled with.
  public let ownConfidence: Float

  public init(label: String, confidence: Float, ownConfidence: Float) {
    (self.label, self.confidence, self.ownConfidence) = (label, confidence, ownConfidence)
  }
}
