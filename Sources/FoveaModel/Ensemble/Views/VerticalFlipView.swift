public import FoveaCore

/// Top and bottom exchanged.
public struct VerticalFlipView: View {
  public static let kind = "verticalFlip"
  public static let summary = "with top and bottom exchanged"

  public init() {}

  public func views(of input: Tensor) throws(PredictionError) -> [Tensor] {
    let height = try sides(of: input).0
    return [try rearranged(input) { (height - 1 - $0, $1) }]
  }
}
