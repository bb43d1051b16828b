public import FoveaCore

/// A picture as a file holds it, what is odd about the file, and where its points lie.
public struct DecodedImage: Sendable, Equatable {
  public var image: Image
  /// Sentences without a period, such as "its end marker is missing"; every pixel is there nevertheless.
  public var warnings: [String]
  /// From the file's pixels, as they are displayed at full size, to those of ``image``.
  public var geometry: PictureGeometry

  /// - Parameter geometry: where nil, the image is the original.
  public init(image: Image, warnings: [String] = [], geometry: PictureGeometry? = nil) {
    self.image = image
    self.warnings = warnings
    self.geometry = geometry ?? PictureGeometry(of: image.size)
  }
}
