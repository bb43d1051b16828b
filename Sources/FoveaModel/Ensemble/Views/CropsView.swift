public import FoveaCore

/// The middle and the four corners, each a part of the sides, brought to the input's size again: five views.
///
/// A pixel of a view is interpolated linearly between the four of the input that lie around it.
///
/// Source: the crops of A. Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", 2012,
/// section 4.1. Deviates: they are scaled to the network's input, and mirrored only where a flip is named, too.
public struct CropsView: View {
  public static let kind = "crops"
  public static let summary = "the middle and the four corners, each brought to the input's size"
  public static let explanations = ["share": "of the input's sides that each part has, above 0 to 1"]

  /// Of the sides that each part has, above 0 to 1.
  public var share = 0.875

  public init() {}

  public init(share: Double) { self.share = share }

  public func validate() throws(PredictionError) {
    guard share > 0, share <= 1 else {
      throw .invalidConfiguration(kind: Self.kind, key: "share", expected: "above 0 to 1", got: "\(share)")
    }
  }

  public func views(of input: Tensor) throws(PredictionError) -> [Tensor] {
    let (height, width) = try sides(of: input)
    return [(0.5, 0.5), (0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
      let rows = Self.positions(height, share, at: down)
      let columns = Self.positions(width, share, at: right)
      return Tensor(input.shape) { destination in
        input.withUnsafeFloats { source in
          for plane in stride(from: 0, to: destination.count, by: height * width) {
            for (y, row) in rows.enumerated() {
              for (x, column) in columns.enumerated() {
                let above = plane + row.first * width
                let below = plane + row.second * width
                let upper =
                  source[above + column.first] * (1 - column.weight) + source[above + column.second] * column.weight
                let lower =
                  source[below + column.first] * (1 - column.weight) + source[below + column.second] * column.weight
                destination[plane + y * width + x] = upper * (1 - row.weight) + lower * row.weight
              }
            }
          }
        }
      }
    }
  }

  /// Between which two of the input each pixel of a view lies, and how near to the second.
  private static func positions(_ count: Int, _ share: Double, at end: Double) -> [(
    first: Int, second: Int, weight: Float
  )] {
    let start = Double(count) * (1 - share) * end
    return (0..<count).map { index in
      let position = min(max(start + (Double(index) + 0.5) * share - 0.5, 0), Double(count - 1))
      let first = Int(position)
      return (first, min(first + 1, count - 1), Float(position - Double(first)))
    }
  }
}
