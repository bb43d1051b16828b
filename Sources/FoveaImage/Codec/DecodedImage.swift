public import FoveaCore

/// A picture as a file holds it, and what is odd about the file.
public struct DecodedImage: Sendable, Equatable {
  public var image: Image
  /// Sentences without a period, such as "its end marker is missing"; every pixel is there nevertheless.
  public var warnings: [String]

  public init(image: Image, warnings: [String] = []) {
    self.image = image
    self.warnings = warnings
  }
}
