/// A step between the decoded picture and the network's input: a value that is saved in the model file.
public protocol PreprocessingStep: Configurable {
  /// The one name of this step in code, descriptions, model files and errors, for example `centerCrop`.
  static var kind: String { get }

  /// One line for listings: what the step does.
  static var summary: String { get }

  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  func validate() throws(ImageError)

  /// The same picture, one step further.
  ///
  /// - Throws: ``ImageError`` where the picture does not go with the step.
  func apply(_ image: Image) throws(ImageError) -> Image

  /// Whether in pictures of `shape`, `[channels, height, width]`, each value of the result follows from the one value
  /// in the same place, by the same rule everywhere in a channel: then a table of 256 values can stand in for the step.
  ///
  /// Scaling values always does; resizing does where the picture has the wanted size already. False by default.
  func isPointwise(on shape: Shape) -> Bool
}

extension PreprocessingStep {
  public static var summary: String { "" }
  public func validate() throws(ImageError) {}
  public func isPointwise(on shape: Shape) -> Bool { false }
}
