/// A step between the decoded picture and the network's input: a value that is saved in the model file.
public protocol PreprocessingStep: ConfigurableKind {
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

  /// Where the points of `image` lie in `result`, which this step has made of it; nil where no affine map says so. With it,
  /// a box or a heat map finds back to the picture that was given.
  ///
  /// By default nothing moves where the picture keeps its size, and otherwise nobody knows: a step that turns, shifts or
  /// scales what is in a picture should say how.
  func transform(from image: Image, to result: Image) -> AffineTransform?
}

extension PreprocessingStep {
  public func validate() throws(ImageError) {}
  public func checkSettings() throws { try validate() }
  public func isPointwise(on shape: Shape) -> Bool { false }
  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    image.size == result.size ? .identity : nil
  }
}

extension Sort where Member == any PreprocessingStep.Type {
  public static var preprocessing: Sort {
    Sort("preprocessing", noun: "preprocessing step", place: .description("preprocessing")) { $0 }
  }
}

extension Registry {
  public var preprocessing: KindRegistry<any PreprocessingStep.Type> { self[.preprocessing] }

  public mutating func register<S: PreprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .preprocessing, from: origin)
  }
}
