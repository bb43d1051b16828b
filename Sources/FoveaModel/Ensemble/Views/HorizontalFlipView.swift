public import FoveaCore

/// Left and right exchanged.
public struct HorizontalFlipView: View {
  public static let kind = "horizontalFlip"
  public static let summary = "with left and right exchanged"

  public init() {}

  public func views(of input: Tensor) throws(PredictionError) -> [Tensor] {
    let width = try sides(of: input).1
    return [try rearranged(input) { ($0, width - 1 - $1) }]
  }
}
