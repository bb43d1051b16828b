import Foundation
import FoveaCore

/// How often which magnitudes occur, and whether numbers are negative. Memory is bounded: where a number exceeds the range, bins
/// are put together in pairs until it fits.
struct MagnitudeHistogram: Sendable {
  /// Much finer than a byte's steps.
  private static let binCount = 4096

  /// Of the last bin's end; 0 before anything but zeros has come.
  private var range: Float = 0
  private var bins = [UInt64](repeating: 0, count: binCount)
  private var zeros: UInt64 = 0
  private(set) var largest: Float = 0
  private(set) var isSigned = false

  /// - Parameter tensor: of finite numbers; others are passed over.
  mutating func add(_ tensor: Tensor) {
    tensor.withUnsafeFloats { numbers in
      var (smallest, greatest): (Float, Float) = (0, 0)
      for number in numbers where number.isFinite {
        smallest = min(smallest, number)
        greatest = max(greatest, number)
      }
      if smallest < 0 { isSigned = true }
      let most = max(-smallest, greatest)
      largest = max(largest, most)
      grow(to: most)
      guard range > 0 else {
        zeros += UInt64(numbers.count)
        return
      }
      let scale = Float(Self.binCount) / range
      var more: UInt64 = 0
      bins.withUnsafeMutableBufferPointer { bins in
        for number in numbers where number.isFinite {
          let magnitude = abs(number)
          if magnitude == 0 { more += 1 } else { bins[min(Int(magnitude * scale), Self.binCount - 1)] += 1 }
        }
      }
      zeros += more
    }
  }

  private mutating func grow(to magnitude: Float) {
    guard magnitude > 0 else { return }
    if range == 0 { range = magnitude }
    while range < magnitude, range.isFinite {
      for i in 0..<Self.binCount / 2 { bins[i] = bins[2 * i] + bins[2 * i + 1] }
      for i in Self.binCount / 2..<Self.binCount { bins[i] = 0 }
      range *= 2
    }
  }

  func scale(by method: RangeMethod) -> ByteScale { ByteScale(largest: limit(by: method), isSigned: isSigned) }

  private func limit(by method: RangeMethod) -> Float {
    guard range > 0 else { return 0 }
    let limit: Float =
      switch method {
      case .minMax: largest
      case .percentile: end(of: percentileBin)
      case .entropy: end(of: entropyBin)
      }
    return min(limit, largest)
  }

  private func end(of bin: Int) -> Float { range * Float(bin + 1) / Float(Self.binCount) }

  private var percentileBin: Int {
    let total = bins.reduce(zeros, +)
    let most = UInt64((Double(total) * (1 - RangeMethod.kept)).rounded(.down))
    var above: UInt64 = 0
    for bin in bins.indices.reversed() {
      above += bins[bin]
      if above > most { return bin }
    }
    return 0
  }

  /// Zeros stay zeros, whatever the range is, and do not count.
  private var entropyBin: Int {
    let steps = isSigned ? 127 : 255
    guard let last = bins.lastIndex(where: { $0 > 0 }), last >= steps else { return Self.binCount - 1 }
    var best = (bin: last, divergence: Double.infinity)
    for end in stride(from: steps, through: last, by: 8) {
      let divergence = divergence(upTo: end, steps: steps)
      if divergence < best.divergence { best = (end, divergence) }
    }
    let whole = divergence(upTo: last, steps: steps)
    return whole < best.divergence ? last : best.bin
  }

  /// Of the distribution whose magnitudes beyond `end` lie at the end, from the same in so many steps.
  private func divergence(upTo end: Int, steps: Int) -> Double {
    let count = end + 1
    var beyond = 0.0
    for bin in bins[count...] { beyond += Double(bin) }
    let total = bins.reduce(0.0) { $0 + Double($1) }
    guard total > 0 else { return 0 }
    var divergence = 0.0
    for step in 0..<steps {
      let (first, last) = (count * step / steps, count * (step + 1) / steps)
      var sum = 0.0
      var filled = 0
      for bin in first..<last where bins[bin] > 0 {
        sum += Double(bins[bin])
        filled += 1
      }
      guard filled > 0 || step == steps - 1 && beyond > 0 else { continue }
      // What a step tells: its numbers, spread over the bins that have any.
      let kept = total - beyond
      for bin in first..<last {
        let isLast = bin == count - 1
        let p = (Double(bins[bin]) + (isLast ? beyond : 0)) / total
        guard p > 0 else { continue }
        let q = filled > 0 && bins[bin] > 0 ? sum / Double(filled) / max(kept, 1) : 1e-9
        divergence += p * Foundation.log(p / q)
      }
    }
    return divergence
  }
}
