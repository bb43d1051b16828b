import Foundation

/// What lies in `Samples`.
enum ShippedFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples")
    .standardized
    .path()
  static let digits = folder + "/Models/digits.safetensors"
  static let three = folder + "/Images/digits/3-1.png"
  /// A 3 that walks, in sixteen frames.
  static let clip = folder + "/Clips/walking.gif"
}
