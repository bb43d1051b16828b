import FoveaCore
import FoveaTesting

/// The maxima over grids of 1 × 1, 2 × 2, … cells, as one vector whose length does not depend on the maps' size.
///
/// Input: `[channels, height, width]`; output: `[channels·Σ level²]`, level by level, channel by channel. Cell i of n
/// reaches from ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉, so that cells may overlap and none is empty.
///
/// Source: He, Zhang, Ren, Sun 2014, section 2.2. Deviates: cells are PyTorch's, for any size of maps.
public struct SpatialPyramidPoolingLayer: UnaryLayer {
  public static let kind = "spatialPyramidPooling"
  public static let summary = "maxima over grids of several sizes, as one vector"

  public struct Configuration: Configurable {
    /// Cells along each side, for each level.
    public var levels = [1, 2, 4]

    public init() {}
  }

  /// Which element of the input each element of the output was.
  public struct Cache: Sendable {
    let winners: [Int]
    let inputShape: Shape
  }

  public let configuration: Configuration
  public let outputShape: Shape
  private let input: Shape

  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    guard input.rank == 3 else {
      throw .invalidInput(kind: Self.kind, expected: "[channels, height, width]", got: input)
    }
    let levels = configuration.levels
    guard !levels.isEmpty, levels.allSatisfy({ (1...256).contains($0) }) else {
      throw .invalidConfiguration(
        kind: Self.kind, key: "levels", expected: "a list of numbers from 1 to 256", got: "\(levels)")
    }
    let finest = levels.max() ?? 1
    guard input[1] >= finest, input[2] >= finest else {
      throw .invalidInput(kind: Self.kind, expected: "maps of \(finest) × \(finest) pixels at least", got: input)
    }
    self.configuration = configuration
    self.input = input
    outputShape = [input[0] * levels.reduce(0) { $0 + $1 * $1 }]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = input.shape[0]
    var winners: [Int] = []
    winners.reserveCapacity(batch * outputShape.count)
    let output = input.withUnsafeFloats { values in
      for example in 0..<batch { appendWinners(of: example, values, to: &winners) }
      return Tensor(winners.map { values[$0] }, outputShape.batched(batch))
    }
    return (output, Cache(winners: winners, inputShape: input.shape))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return Tensor(cache.inputShape) { inputGradient in
      outputGradient.withUnsafeFloats { outputGradient in
        for (index, winner) in cache.winners.enumerated() { inputGradient[winner] += outputGradient[index] }
      }
    }
  }

  private func appendWinners(of example: Int, _ values: UnsafeBufferPointer<Float>, to winners: inout [Int]) {
    let (channels, height, width) = (input[0], input[1], input[2])
    for level in configuration.levels {
      for channel in 0..<channels {
        let start = (example * channels + channel) * height * width
        for row in 0..<level {
          for column in 0..<level {
            let (rows, columns) = (Self.cell(row, of: level, height), Self.cell(column, of: level, width))
            var best = start + rows.lowerBound * width + columns.lowerBound
            for y in rows {
              for x in columns where values[start + y * width + x] > values[best] { best = start + y * width + x }
            }
            winners.append(best)
          }
        }
      }
    }
  }

  private static func cell(_ index: Int, of count: Int, _ size: Int) -> Range<Int> {
    index * size / count..<((index + 1) * size + count - 1) / count
  }
}

extension SpatialPyramidPoolingLayer: ContractExamples {
  public static var contractExamples: [ContractExample<Configuration>] {
    var uneven = Configuration()
    uneven.levels = [3, 1]
    return [ContractExample(Configuration(), inputs: [[2, 5, 7]]), ContractExample(uneven, inputs: [[3, 4, 5]])]
  }
}
