import Foundation
import FoveaCore
import FoveaData
import FoveaImage

/// A small picture within a page's own text.
struct Thumbnail: Sendable {
  private static let side = 160

  /// Base64; nil where the picture cannot be read.
  private let encoded: String?
  private let type: String
  /// Whether it is so small that its pixels are to be seen.
  private let isSmall: Bool

  init(of picture: Int, in survey: DataSurvey) {
    let decoder = ImageDecoder(sufficientSize: ImageSize(width: Self.side, height: Self.side))
    var (isSmall, type, encoded) = (false, "image/jpeg", nil as String?)
    if let image = try? survey.image(of: picture, decoder: decoder).bytes() {
      let longest = max(image.width, image.height)
      isSmall = longest < Self.side / 2
      if isSmall { type = "image/png" }
      let encoder = isSmall ? ImageEncoder.png() : .jpeg(quality: 80)
      let ratio = min(1, Double(Self.side) / Double(longest))
      func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * ratio).rounded())) }
      let small = try? image.resized(width: scaled(image.width), height: scaled(image.height))
      encoded = small.flatMap { try? encoder.encode($0) }.map { Data($0).base64EncodedString() }
    }
    (self.isSmall, self.type, self.encoded) = (isSmall, type, encoded)
  }

  /// Nothing where the picture cannot be read, which stands below.
  ///
  /// - Parameter words: what it shows, escaped.
  func html(_ words: String) -> String {
    guard let encoded else { return "" }
    return
      "<img\(isSmall ? " class=\"small\"" : "") src=\"data:\(type);base64,\(encoded)\" alt=\"\(words)\" loading=\"lazy\">"
  }
}
