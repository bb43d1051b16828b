public import FoveaCore

/// Larger maps, whose elements are the nearest of the smaller ones, or lie between them: `[channels, height, width]` to
/// `[channels, height·factor, width·factor]`.
///
/// Element i of the output lies at (i + 1/2) / factor − 1/2 of the input, as in PyTorch with `align_corners=False`, and edges repeat.
public struct Upsampling: UnaryLayer {
  public enum Interpolation: String, Codable, Sendable, CaseIterable {
    case nearest, bilinear
  }

  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["factor"]
    public static let explanations = [
      "factor": "by which height and width grow",
      "interpolation": "how elements in between are found",
    ]

    public var factor: Extent
    public var interpolation: Interpolation

    public static var prototype: Self { Self(factor: 1) }

    public init(factor: Extent, interpolation: Interpolation = .nearest) {
      self.factor = factor
      self.interpolation = interpolation
    }
  }

  /// How many examples there were.
  public struct Cache: Sendable {
    let batch: Int
  }

  /// Of which two elements an element is made, and with what weight of the second.
  private struct Source {
    let first, second: Int
    let weight: Float
  }

  public static let kind = "upsampling"
  public static let summary = "larger maps, by the nearest elements or between them"

  public let configuration: Configuration
  public let outputShape: Shape
  private let inputShape: Shape
  private let rows, columns: [Source]

  /// - Throws: ``LayerError`` where the factor is out of range, or the input is no image.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let factor = configuration.factor
    try check.image(input)
    try check.range(factor, "factor")
    // Both are below 2²⁴.
    let dimensions = [input[0], input[1] * factor.height, input[2] * factor.width]
    try check.size(dimensions, "factor", "outputs")
    self.configuration = configuration
    inputShape = input
    outputShape = Shape(dimensions)
    rows = Self.sources(input[1], factor.height, configuration.interpolation)
    columns = Self.sources(input[2], factor.width, configuration.interpolation)
  }

  private static func sources(_ extent: Int, _ factor: Int, _ interpolation: Interpolation) -> [Source] {
    (0..<extent * factor).map { index in
      guard interpolation == .bilinear else { return Source(first: index / factor, second: index / factor, weight: 0) }
      let place = max(0, (Float(index) + 0.5) / Float(factor) - 0.5)
      let first = min(Int(place), extent - 1)
      return Source(first: first, second: min(first + 1, extent - 1), weight: place - Float(first))
    }
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    let (height, width) = (inputShape[1], inputShape[2])
    var output = Tensor(uninitialized: outputShape.batched(batch))
    input.withUnsafeFloats { source in
      output.withUnsafeMutableFloats { result in
        var index = 0
        for map in 0..<batch * inputShape[0] {
          for row in rows {
            let (upper, lower) = ((map * height + row.first) * width, (map * height + row.second) * width)
            for column in columns {
              let above =
                source[upper + column.first] * (1 - column.weight) + source[upper + column.second] * column.weight
              let below =
                source[lower + column.first] * (1 - column.weight) + source[lower + column.second] * column.weight
              result[index] = above * (1 - row.weight) + below * row.weight
              index += 1
            }
          }
        }
      }
    }
    return (output, Cache(batch: batch))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    let (height, width) = (inputShape[1], inputShape[2])
    return Tensor(inputShape.batched(cache.batch)) { result in
      outputGradient.withUnsafeFloats { gradient in
        var index = 0
        for map in 0..<cache.batch * inputShape[0] {
          for row in rows {
            let (upper, lower) = ((map * height + row.first) * width, (map * height + row.second) * width)
            for column in columns {
              let (above, below) = (gradient[index] * (1 - row.weight), gradient[index] * row.weight)
              result[upper + column.first] += above * (1 - column.weight)
              result[upper + column.second] += above * column.weight
              result[lower + column.first] += below * (1 - column.weight)
              result[lower + column.second] += below * column.weight
              index += 1
            }
          }
        }
      }
    }
  }
}
