import FoveaCore

/// What became of another program's model.
public struct ImportedModel: Sendable {
  /// With the preprocessing, postprocessing and labels that the file itself holds.
  public var description: ModelDescription
  public var model: Model
  /// Whether the file says how a picture becomes the input: `preprocessing` of the description is that, also where it is empty.
  public var holdsPreprocessing: Bool
  /// What computes as the file says, but does not learn, each part with the reason.
  public var remaining: [Remainder]
  /// What a person should know, such as what was left out since it does nothing in use.
  public var notes: [String]
  /// The largest difference between an output of the model and what the file itself says, for random examples; nil where nothing
  /// else could compute the file.
  public var largestDifference: Float?
  /// The largest difference from the expected outputs of the test that the file embeds; nil where it embeds none.
  public var embeddedTestDifference: Float?

  public struct Remainder: Sendable, Hashable, Codable {
    public var part: String
    public var kind: String
    public var reason: String

    public init(part: String, kind: String, reason: String) {
      self.part = part
      self.kind = kind
      self.reason = reason
    }
  }

  public init(
    _ description: ModelDescription, _ model: Model, holdsPreprocessing: Bool = false, remaining: [Remainder] = [],
    notes: [String] = [], largestDifference: Float? = nil, embeddedTestDifference: Float? = nil
  ) {
    self.description = description
    self.model = model
    self.holdsPreprocessing = holdsPreprocessing
    self.remaining = remaining
    self.notes = notes
    self.largestDifference = largestDifference
    self.embeddedTestDifference = embeddedTestDifference
  }

  /// A note for whoever expects a model to take all sizes that its file takes.
  package static func closedSize(_ description: ModelDescription) -> String {
    let sizes = description.inputs.map { "\($0.shape)" }.joined(separator: ", ")
    return "the file leaves the size open, but layers would be others for each: the model takes \(sizes) alone"
  }

  /// Whether the first output is confidences already, so that no postprocessing is needed to make them.
  public var endsWithConfidences: Bool { model.putsOutConfidences }
}
