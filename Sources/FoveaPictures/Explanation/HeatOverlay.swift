import FoveaCore
import FoveaExplanation
import FoveaImage

/// The heat of one class by one method, over the original picture.
struct HeatOverlay {
  let image: Image
  /// What the ends of the scale stand for.
  let range: ClosedRange<Float>
  let colorMap: any ColorMap
  /// Whether any place is hot, or cold.
  let hasHeat: Bool

  /// Of what is cold, the picture shows; of the hottest, so much of the heat's color.
  private static let mostCover: Float = 0.72
  private static let leastCover: Float = 0.12

  /// - Parameters:
  ///   - picture: the original at the size that is drawn, RGB bytes.
  ///   - warm: for heat that speaks for the class alone.
  ///   - diverging: for heat of both signs.
  init?(
    _ part: Explanation.Part, of explanation: Explanation, on picture: Image, warm: any ColorMap,
    diverging: any ColorMap
  ) throws(ImageError) {
    guard let heat = try explanation.heat(of: part, at: picture.size), case .bytes(var bytes) = picture.pixels else {
      return nil
    }
    // A method that speaks against one class does so of the others, too.
    let isSigned = explanation.parts.contains { $0.method == part.method && $0.map?.isSigned == true }
    hasHeat = heat.largestMagnitude > 0
    // A few places that are much hotter than all others would leave the rest dark; a map of a layer has few places, all of which count.
    let bound = part.place == .layer ? heat.largestMagnitude : Self.nearlyLargest(heat.values)
    let scale = bound > 0 ? bound : 1
    range = isSigned ? -scale...scale : 0...scale
    colorMap = isSigned ? diverging : warm
    let table = colorMap.table
    guard table.count == 768 else {
      throw .failed(
        kind: Swift.type(of: colorMap).kind, message: "its table must have 768 bytes, but has \(table.count)")
    }
    for (place, value) in heat.values.enumerated() {
      let share = min(max(value / scale, -1), 1)
      let color = 3 * Int(((isSigned ? (share + 1) / 2 : max(share, 0)) * 255).rounded())
      let cover = Self.leastCover + (Self.mostCover - Self.leastCover) * abs(share).squareRoot()
      for channel in 0..<3 {
        let own = Float(bytes[3 * place + channel])
        bytes[3 * place + channel] = UInt8(min(max(own + (Float(table[color + channel]) - own) * cover, 0), 255))
      }
    }
    image = try Image(width: picture.width, height: picture.height, channels: 3, pixels: .bytes(bytes))
  }

  /// Larger than all but one place in two hundred.
  private static func nearlyLargest(_ values: [Float]) -> Float {
    let sorted = values.map { abs($0) }.sorted()
    let place = sorted.count - 1 - sorted.count / 200
    guard let largest = sorted.last else { return 0 }
    return sorted[max(place, 0)] > 0 ? sorted[max(place, 0)] : largest
  }
}
