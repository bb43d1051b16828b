public import FoveaCore

/// Turned by 90°, 180° and 270°: three views.
public struct QuarterTurnsView: View {
  public static let kind = "quarterTurns"
  public static let summary = "turned by 90, 180 and 270 degrees, of inputs as wide as they are high"

  public init() {}

  public func views(of input: Tensor) throws(PredictionError) -> [Tensor] {
    let (height, width) = try sides(of: input)
    guard height == width else {
      throw .shape(kind: Self.kind, expected: "inputs as wide as they are high", got: input.shape.withoutBatch)
    }
    let last = width - 1
    return [
      try rearranged(input) { ($1, last - $0) }, try rearranged(input) { (last - $0, last - $1) },
      try rearranged(input) { (last - $1, $0) },
    ]
  }
}
