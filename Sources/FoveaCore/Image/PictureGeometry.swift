/// How a picture was moved on its way into a network: where each point of the original lies in the input, and back.
///
/// The original is the picture as it is displayed: turned as its file's orientation says, and at its full size, even where
/// it was decoded at a part of that. In both, the center of the first pixel is (0, 0).
public struct PictureGeometry: Sendable, Hashable {
  /// In pixels, as displayed.
  public let original: ImageSize
  /// What the network is given, in pixels.
  public private(set) var input: ImageSize
  private var transform: AffineTransform
  // The first step that has not said where its points go.
  private var unknownStep: String?

  /// Of a picture that nothing has moved yet.
  public init(of original: ImageSize) { self.init(original: original, input: original, transform: .identity) }

  /// - Parameter transform: from the original's pixels to the input's; see ``toInput``.
  public init(original: ImageSize, input: ImageSize, transform: AffineTransform) {
    (self.original, self.input, self.transform) = (original, input, transform)
    if !transform.isInvertible { unknownStep = "the map" }
  }

  /// The same, one step further.
  ///
  /// - Parameters:
  ///   - transform: from the input's pixels so far to the new input's; nil where nobody knows.
  ///   - size: of the new input.
  ///   - step: what moves the picture, for errors.
  public mutating func append(_ transform: AffineTransform?, to size: ImageSize, by step: String) {
    input = size
    if let transform, transform.isInvertible {
      self.transform = self.transform.then(transform)
    } else if unknownStep == nil {
      unknownStep = step
    }
  }

  /// From the original's pixels to the input's. Not all that it leads to lies in the input: some may have been cut off.
  ///
  /// - Throws: ``ImageError/unknownGeometry(kind:)``
  public var toInput: AffineTransform {
    get throws(ImageError) {
      if let unknownStep { throw .unknownGeometry(kind: unknownStep) }
      return transform
    }
  }

  /// From the input's pixels to the original's. What it leads to lies outside of the original where the input has margins.
  ///
  /// - Throws: ``ImageError/unknownGeometry(kind:)``
  public var toOriginal: AffineTransform {
    get throws(ImageError) {
      guard let inverse = try toInput.inverse else { throw .unknownGeometry(kind: "all steps together") }
      return inverse
    }
  }

  /// The same with an input of another size over the whole input: a layer's map that covers what the network sees.
  public func covered(by size: ImageSize) -> PictureGeometry {
    var other = self
    other.append(.resizing(from: input, to: size), to: size, by: "the map")
    return other
  }
}
