/// How much each place of a picture, or of a layer's maps, has to do with a decision.
public struct Attribution: Sendable {
  /// How the numbers of one place become one.
  public enum Reading: Sendable, Hashable {
    /// Their sum: what speaks for the decision is positive, what speaks against it negative.
    case sum
    /// The largest magnitude, where the sign says nothing.
    case largestMagnitude
  }

  /// `[maps, height, width]`
  public let values: Tensor
  public let reading: Reading

  /// - Parameter values: `[maps, height, width]`, or with a batch of one in front.
  public init(_ values: Tensor, _ reading: Reading = .sum) {
    self.values = values.shape.rank == 4 ? values.reshaped(values.shape.withoutBatch) : values
    self.reading = reading
  }

  /// One number for each place.
  public var map: HeatMap {
    let (maps, height, width) = (values.shape[0], values.shape[1], values.shape[2])
    var heat = [Float](repeating: 0, count: height * width)
    values.withUnsafeFloats { values in
      for map in 0..<maps {
        for place in heat.indices {
          let value = values[map * heat.count + place]
          heat[place] = reading == .sum ? heat[place] + value : max(heat[place], abs(value))
        }
      }
    }
    return HeatMap(heat, width: width, height: height)
  }
}

/// One number for each place of a picture.
public struct HeatMap: Sendable, Equatable {
  /// By rows.
  public var values: [Float]
  public let width: Int
  public let height: Int

  /// - Parameter values: `width · height` of them.
  public init(_ values: [Float], width: Int, height: Int) {
    require(
      values.count == width * height,
      "a heat map of \(width)×\(height) takes \(width * height) numbers, got \(values.count)")
    (self.values, self.width, self.height) = (values, width, height)
  }

  /// The largest magnitude of what is a number.
  public var largestMagnitude: Float { values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 } }

  /// Whether some of it speaks against the decision.
  public var isSigned: Bool { values.contains { $0 < 0 } }

  /// What speaks for the decision alone.
  public var positive: HeatMap { HeatMap(values.map { max($0, 0) }, width: width, height: height) }
}
