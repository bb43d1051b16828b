import FoveaCore
import FoveaImage

/// Finds few colors that can stand for all of some drawings: those of areas, exactly, and of the many along the edges of text
/// and lines as many as there is room for.
struct FewColors {
  private var counts: [UInt32: Int] = [:]

  mutating func add(_ image: Image) {
    guard case .bytes(let bytes) = image.pixels, image.channels == 3 else { return }
    for start in stride(from: 0, to: bytes.count, by: 3) {
      counts[UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]), default: 0] += 1
    }
  }

  /// The most frequent colors, none of which is nearer to another one than is needed to have `most` of them.
  func chosen(most: Int = 255) -> [Color] {
    let sorted = counts.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.map { entry in
      Color(
        red: UInt8(entry.key >> 16 & 255), green: UInt8(entry.key >> 8 & 255), blue: UInt8(entry.key & 255))
    }
    guard sorted.count > most else { return sorted }
    var distance = 4
    while true {
      var chosen: [Color] = []
      for color in sorted where !chosen.contains(where: { $0.squaredDistance(to: color) < distance * distance }) {
        chosen.append(color)
        if chosen.count > most { break }
      }
      if chosen.count <= most { return chosen }
      distance += 4
    }
  }
}
