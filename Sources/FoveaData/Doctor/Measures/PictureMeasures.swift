import Foundation
public import FoveaCore
import FoveaImage

/// What is measured of a small gray plane of a picture.
public struct PictureMeasures: Sendable {
  /// The brightness that 5 % of the pixels do not exceed, 0…1.
  public let darkest: Double
  /// The brightness that 99 % of the pixels do not exceed, 0…1.
  public let brightest: Double
  /// The standard deviation of the gray levels, 0…127.5.
  public let contrast: Double
  /// Shannon's entropy of the histogram of gray levels, 0…8 bits.
  public let entropy: Double
  /// The variance of the Laplacian, in squared gray levels.
  ///
  /// Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", ICPR 2000.
  public let sharpness: Double
  public let hash: PerceptualHash

  /// - Parameter plane: `[1, H, W]`, bytes.
  public init(_ plane: Image) throws(ImageError) {
    guard case .bytes(let bytes) = plane.pixels, plane.channels == 1 else {
      throw .invalidInput(kind: "measures", expected: "gray bytes", got: "\(plane.shape)")
    }
    let histogram = Self.histogram(bytes)
    darkest = Self.quantile(0.05, histogram, bytes.count)
    brightest = Self.quantile(0.99, histogram, bytes.count)
    let count = Double(bytes.count)
    var (sum, squares, entropy) = (0.0, 0.0, 0.0)
    for (level, number) in histogram.enumerated() where number > 0 {
      let (level, number) = (Double(level), Double(number))
      sum += level * number
      squares += level * level * number
      entropy -= number / count * log2(number / count)
    }
    self.entropy = entropy
    contrast = max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
    sharpness = Self.laplacianVariance(bytes, width: plane.width, height: plane.height)
    hash = try PerceptualHash(plane)
  }

  private static func histogram(_ bytes: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    counts.withUnsafeMutableBufferPointer { counts in
      bytes.withUnsafeBufferPointer { bytes in
        for byte in bytes { counts[Int(byte)] &+= 1 }
      }
    }
    return counts
  }

  private static func quantile(_ share: Double, _ histogram: [Int], _ count: Int) -> Double {
    let wanted = share * Double(count)
    var seen = 0
    for (level, number) in histogram.enumerated() {
      seen += number
      if Double(seen) >= wanted { return Double(level) / 255 }
    }
    return 1
  }

  /// Of the kernel [0 1 0; 1 −4 1; 0 1 0], where it lies within the picture; 0 where it does not fit.
  static func laplacianVariance(_ bytes: [UInt8], width: Int, height: Int) -> Double {
    guard width > 2, height > 2 else { return 0 }
    var (sum, squares) = (0.0, 0.0)
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      for y in 1..<height - 1 {
        let row = base + y * width
        // A row at a time fits 32 bits, so that several pixels fit a vector.
        for start in stride(from: 1, to: width - 1, by: 1024) {
          var (rowSum, rowSquares): (Int32, UInt32) = (0, 0)
          for x in start..<min(start + 1024, width - 1) {
            let around = Int32(row[x - 1]) &+ Int32(row[x + 1]) &+ Int32(row[x - width]) &+ Int32(row[x + width])
            let value = around &- 4 &* Int32(row[x])
            rowSum &+= value
            rowSquares &+= UInt32(bitPattern: value &* value)
          }
          sum += Double(rowSum)
          squares += Double(rowSquares)
        }
      }
    }
    let count = Double((width - 2) * (height - 2))
    return max(0, squares / count - (sum / count) * (sum / count))
  }
}
