/// The colors of an animation, of which the first is none: what is transparent.
struct AnimationPalette {
  private let colors: [Color]
  // A color is looked for once.
  private var known: [UInt32: UInt8] = [:]

  /// Nil for no color, and for more than 255.
  init?(_ colors: [Color]) {
    guard (1...255).contains(colors.count) else { return nil }
    self.colors = colors
  }

  /// Red, green and blue of each.
  var table: [UInt8] { [0, 0, 0] + colors.flatMap(\.components) }

  /// - Parameter pixels: RGBA.
  mutating func indices(of pixels: [UInt8]) -> [UInt8] {
    var indices: [UInt8] = []
    indices.reserveCapacity(pixels.count / 4)
    for start in stride(from: 0, to: pixels.count, by: 4) {
      guard pixels[start + 3] > 0 else {
        indices.append(0)
        continue
      }
      let key = UInt32(pixels[start]) << 16 | UInt32(pixels[start + 1]) << 8 | UInt32(pixels[start + 2])
      if let index = known[key] {
        indices.append(index)
      } else {
        let index = nearest(Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2]))
        known[key] = index
        indices.append(index)
      }
    }
    return indices
  }

  private func nearest(_ color: Color) -> UInt8 {
    let distances = colors.map { $0.squaredDistance(to: color) }
    return UInt8((distances.indices.min { distances[$0] < distances[$1] } ?? 0) + 1)
  }
}

extension Color {
  package func squaredDistance(to other: Color) -> Int {
    let parts = [(red, other.red), (green, other.green), (blue, other.blue)]
    return parts.reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
  }
}
