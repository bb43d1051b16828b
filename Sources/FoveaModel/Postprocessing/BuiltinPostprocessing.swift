public import FoveaCore

/// The steps after the network that come with the toolkit.
public enum BuiltinPostprocessing: BuiltinKinds {
  public static var sort: Sort<any PostprocessingStep.Type> { .postprocessing }
  /// All of them: what is not in this list cannot be named in a description.
  public static let all: [any PostprocessingStep.Type] = [
    TemperatureScaling.self, SoftmaxConfidence.self, SigmoidConfidence.self, SmallestWins.self, RejectBelow.self,
    LabelsStep.self, NumbersStep.self, BoxesStep.self, MaskStep.self, EmbeddingStep.self,
  ]

  /// The kinds that make confidences of scores, which a ``TemperatureScaling`` comes before.
  package static let confidenceMakers = [SoftmaxConfidence.kind, SigmoidConfidence.kind, SmallestWins.kind]
}
