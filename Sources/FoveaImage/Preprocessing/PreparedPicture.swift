public import FoveaCore

/// What a network is given for a picture, and where the picture's points lie in it.
public struct PreparedPicture: Sendable {
  /// `[1, channels, height, width]`
  public let input: Tensor
  public let geometry: PictureGeometry
}
