/// A result with places in the picture, such as boxes.
///
/// A postprocessing step gives places in what the network sees; a pipeline brings them to the pixels of the picture that it
/// was given.
public protocol PlacedResult: TaskResult {
  /// The same in the pixels of the original.
  ///
  /// - Throws: ``ImageError/unknownGeometry(kind:)`` where a step has not said how it moved the picture.
  func placed(by geometry: PictureGeometry) throws(ImageError) -> Self
}
