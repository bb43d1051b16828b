import Foundation
import FoveaCore
import FoveaImage

/// What a picture looks like, in few bytes: pictures that look alike have hashes that differ in few bits, whatever their sizes,
/// formats and qualities.
public struct PerceptualHash: Sendable, Equatable {
  /// Which of the 64 lowest frequencies are above their median, row by row, the mean of the picture first.
  ///
  /// Source: C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010, section 3.2.1.
  public let frequencies: UInt64
  /// Whether brightness grows to the right, on a grid of 9×8.
  ///
  /// Source: N. Krawetz, "Kind of like that", The Hacker Factor Blog, 2013.
  public let differences: UInt64
  /// The picture on a grid of 8×8.
  let thumbnail: SIMD64<UInt8>

  /// - Parameter plane: `[1, H, W]`, bytes.
  init(_ plane: Image) throws(ImageError) {
    let square = try plane.resized(width: Self.side, height: Self.side).floats
    frequencies = Self.frequencies(of: square)
    let grid = try plane.resized(width: 9, height: 8).floats
    differences = Self.bits { grid[$0 / 8 * 9 + $0 % 8 + 1] > grid[$0 / 8 * 9 + $0 % 8] }
    var thumbnail = SIMD64<UInt8>()
    for place in 0..<64 {
      let start = place / 8 * 4 * Self.side + place % 8 * 4
      var sum: Float = 0
      for row in 0..<4 { for column in 0..<4 { sum += square[start + row * Self.side + column] } }
      thumbnail[place] = UInt8(sum / 16)
    }
    self.thumbnail = thumbnail
  }

  private static let side = 32

  /// The highest bit first.
  private static func bits(_ isSet: (Int) -> Bool) -> UInt64 {
    (0..<64).reduce(0) { bits, place in bits << 1 | (isSet(place) ? 1 : 0) }
  }

  // cos(π (2x + 1) u / 64), for u below 8: `[8, 32]`.
  private static let cosines: [Float] = (0..<8 * side).map { place in
    Float(cos(Double.pi * Double(2 * (place % side) + 1) * Double(place / side) / Double(2 * side)))
  }

  /// The cosine transform of 32×32 values, of which the upper left 8×8 count.
  static func frequencies(of square: [Float]) -> UInt64 {
    var rows = [Float](repeating: 0, count: 8 * side)
    var low = [Float](repeating: 0, count: 64)
    cosines.withUnsafeBufferPointer { cosines in
      square.withUnsafeBufferPointer { square in
        rows.withUnsafeMutableBufferPointer { rows in
          for v in 0..<8 {
            for y in 0..<side {
              let factor = cosines[v * side + y]
              for x in 0..<side { rows[v * side + x] += factor * square[y * side + x] }
            }
          }
          low.withUnsafeMutableBufferPointer { low in
            for v in 0..<8 {
              for u in 0..<8 {
                var sum: Float = 0
                for x in 0..<side { sum += cosines[u * side + x] * rows[v * side + x] }
                low[v * 8 + u] = sum
              }
            }
          }
        }
      }
    }
    let sorted = low.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    return bits { low[$0] > median }
  }

  /// How alike the two pictures are on the grid of 8×8, brightness and contrast aside: Pearson's correlation, −1…1.
  ///
  /// Of two that are one gray all over it is 1, of one such 0.
  func correlation(with other: PerceptualHash) -> Double {
    let (a, b) = (thumbnail, other.thumbnail)
    var (sumA, sumB, squaresA, squaresB, products): (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
    for place in 0..<64 {
      let (x, y) = (Int(a[place]), Int(b[place]))
      sumA &+= x
      sumB &+= y
      squaresA &+= x &* x
      squaresB &+= y &* y
      products &+= x &* y
    }
    let (varianceA, varianceB) = (64 * squaresA - sumA * sumA, 64 * squaresB - sumB * sumB)
    guard varianceA > 0, varianceB > 0 else { return varianceA == varianceB ? 1 : 0 }
    return Double(64 * products - sumA * sumB) / (Double(varianceA) * Double(varianceB)).squareRoot()
  }
}
