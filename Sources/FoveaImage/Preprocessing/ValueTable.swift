import CPixels
package import FoveaCore

/// What preprocessing makes of each of the 256 values of a byte, for each channel: a look instead of a computation.
///
/// It exists only for steps that call themselves pointwise on the shape, and holds exactly what the steps give.
package struct ValueTable: Sendable {
  /// `[channels, height, width]`, before and after the steps.
  package let shape: Shape
  /// `channels × 256`.
  private let values: [Float]
  /// Where each channel's values are its bytes times a factor plus a number, to the bit: both, for each channel.
  private let line: (factors: [Float], offsets: [Float])?

  /// Nil where the steps are not pointwise on pictures of this shape.
  package init?(_ steps: [any PreprocessingStep], on shape: Shape) {
    guard shape.rank == 3, shape.count > 0, steps.allSatisfy({ $0.isPointwise(on: shape) }) else { return nil }
    self.shape = shape
    let (channels, places) = (shape[0], shape[1] * shape[2])
    var values = Array(repeating: Float.nan, count: channels * 256)
    // Pictures that show every value in every channel, as many as it takes.
    for start in stride(from: 0, to: 256, by: places) {
      let shown = (0..<places).map { UInt8(truncatingIfNeeded: start + $0) }
      let bytes = shown.flatMap { Array(repeating: $0, count: channels) }
      guard let result = Self.apply(steps, to: bytes, shape) else { return nil }
      for (place, value) in shown.enumerated() {
        for channel in 0..<channels { values[channel * 256 + Int(value)] = result[channel * places + place] }
      }
    }
    self.values = values
    line = Self.line(through: values)
    // What is no number is looked for where the steps run, so that they can be named.
    guard values.allSatisfy(\.isFinite) else { return nil }
    guard agrees(with: steps) else { return nil }
  }

  private static func line(through values: [Float]) -> (factors: [Float], offsets: [Float])? {
    let starts = Array(stride(from: 0, to: values.count, by: 256))
    let offsets = starts.map { values[$0] }
    let factors = starts.map { values[$0 + 1] - values[$0] }
    let isLine = values.indices.allSatisfy { index in
      let product = Float(index % 256) * factors[index / 256]
      return product + offsets[index / 256] == values[index]
    }
    return isLine ? (factors, offsets) : nil
  }

  /// Whether noise comes out as it does from the steps: a step that is wrong about itself must not spoil training.
  ///
  /// Dark, bright and full noise tells steps that look at the whole picture from pointwise ones.
  private func agrees(with steps: [any PreprocessingStep]) -> Bool {
    var random = SeededRandom(seed: 1)
    return [0...255, 0...90, 160...255].allSatisfy { (range: ClosedRange<UInt64>) in
      let bytes = (0..<shape.count).map { _ in
        UInt8(range.lowerBound + (random.next() >> 32) % (range.upperBound - range.lowerBound + 1))
      }
      guard let expected = Self.apply(steps, to: bytes, shape) else { return false }
      let got = [Float](unsafeUninitializedCapacity: shape.count) { target, count in
        bytes.withUnsafeBufferPointer { write($0, into: target) }
        count = shape.count
      }
      return zip(expected, got).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
  }

  /// The steps' result for one picture, `channels × height × width`.
  private static func apply(_ steps: [any PreprocessingStep], to bytes: [UInt8], _ shape: Shape) -> [Float]? {
    do throws(ImageError) {
      var image = try Image(width: shape[2], height: shape[1], channels: shape[0], pixels: .bytes(bytes))
      for step in steps { image = try step.apply(image) }
      guard image.shape == shape else { return nil }
      return [Float](unsafeUninitializedCapacity: shape.count) { target, count in
        image.writePlanar(into: target)
        count = shape.count
      }
    } catch {
      return nil
    }
  }

  /// Writes `channels × height × width` values for `height × width × channels` bytes.
  package func write(_ bytes: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(bytes.count == shape.count && target.count == shape.count)
    let (channels, places) = (shape[0], shape[1] * shape[2])
    if let line, let from = bytes.baseAddress, let to = target.baseAddress {
      return fpx_scale(from, to, places, Int32(channels), line.factors, line.offsets)
    }
    values.withUnsafeBufferPointer { values in
      // The bounds are checked above, once, and not for every value.
      guard let values = values.baseAddress, let bytes = bytes.baseAddress, let target = target.baseAddress else {
        return
      }
      if channels == 1 {
        for place in 0..<places { target[place] = values[Int(bytes[place])] }
      } else {
        for channel in 0..<channels {
          let (row, table) = (target + channel * places, values + channel * 256)
          for place in 0..<places { row[place] = table[Int(bytes[place * channels + channel])] }
        }
      }
    }
  }
}
