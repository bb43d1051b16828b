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
}

extension PreprocessingStep {
  public static var summary: String { "" }
  public func validate() throws(ImageError) {}
}
