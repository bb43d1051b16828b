public import FoveaCore

/// All that a model file holds: what was trained, and how to use it.
public struct SavedModel: Sendable {
  public var description: ModelDescription
  public var model: Model
  public var training: TrainingRecord?
  /// In which elements the file keeps the weights that are trained. In memory they are float32.
  public internal(set) var weights = ElementType.float32
  /// Where the kinds came from that are not built in, when the model was saved.
  public internal(set) var origins: [KindOrigin] = []
  /// What a person should know who uses the model here, such as a plugin of another version.
  public internal(set) var warnings: [String] = []

  public init(description: ModelDescription, model: Model, training: TrainingRecord? = nil) {
    self.description = description
    self.model = model
    self.training = training
  }
}
