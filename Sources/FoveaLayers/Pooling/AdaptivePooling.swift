public import FoveaCore

/// The settings of a pooling that puts out maps of one size, whatever comes in.
public struct AdaptivePoolingConfiguration: Settings {
  public static let requiredKeys: Set<String> = ["size"]
  public static let explanations = ["size": "of the maps that are put out, in pixels"]

  public var size: Extent

  public static var prototype: Self { Self(size: 1) }

  public init(size: Extent) {
    self.size = size
  }
}

/// A layer that puts out maps of one size: each of their elements is made of a window, which reaches from ⌊i·H/h⌋ to ⌈(i + 1)·H/h⌉.
public protocol AdaptivePoolingLayer: UnaryLayer, SpatialOperator where Cache == AdaptivePoolingCache {
  var passes: AdaptivePoolingPasses { get }
}

/// What an adaptive pooling remembers.
public struct AdaptivePoolingCache: Sendable {
  let batch: Int
  /// Where windows lie side by side.
  let pooling: PoolingCache?
  /// Which element of each map each window's largest is, as whole numbers that floats hold.
  let winners: Tensor?
}

/// The passes that adaptive poolings share: where windows lie side by side, those of an ordinary pooling, else plain loops.
public struct AdaptivePoolingPasses: Sendable {
  let outputShape: Shape
  private let check: Check
  private let inputShape: Shape
  private let takesMaximum: Bool
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]
  private let even: PoolingPasses?

  init(_ check: Check, maximum: Bool, input: Shape, size: Extent) throws(LayerError) {
    try check.image(input)
    try check.range(size, "size")
    try check.size([input[0], size.height, size.width], "size", "outputs")
    self.check = check
    inputShape = input
    takesMaximum = maximum
    outputShape = [input[0], size.height, size.width]
    rows = Self.windows(of: input[1], size.height)
    columns = Self.windows(of: input[2], size.width)
    if input[1].isMultiple(of: size.height), input[2].isMultiple(of: size.width) {
      let window = Extent(height: input[1] / size.height, width: input[2] / size.width)
      even = try PoolingPasses(
        check, maximum ? .maximum : .average, input: input, window: window, stride: nil, padding: .valid)
    } else {
      // Places in a map are kept as floats.
      guard !maximum || input[1] * input[2] <= 1 << 24 else {
        throw check.input("maps of at most \(1 << 24) elements, where the windows lie over each other", input)
      }
      even = nil
    }
  }

  var reach: MapReach {
    func axis(_ input: Int, _ output: Int) -> AxisReach {
      let (step, share) = (Double(input) / Double(output), Double(output - 1) / Double(output))
      return input.isMultiple(of: output)
        ? .window(size: input / output, step: input / output, padding: 0)
        : AxisReach(step: step, first: -share, last: step + share - 1)
    }
    return MapReach(rows: axis(inputShape[1], outputShape[1]), columns: axis(inputShape[2], outputShape[2]))
  }

  private static func windows(of extent: Int, _ count: Int) -> [Range<Int>] {
    (0..<count).map { $0 * extent / count..<(($0 + 1) * extent + count - 1) / count }
  }

  func infer(_ input: Tensor) throws(LayerError) -> Tensor {
    if let even { return try even.infer(input) }
    return try forward(input).output
  }

  func forward(_ input: Tensor) throws(LayerError) -> (output: Tensor, cache: AdaptivePoolingCache) {
    let batch = try check.batch(of: input, inputShape)
    if let even {
      let (output, cache) = try even.forward(input)
      return (output, AdaptivePoolingCache(batch: batch, pooling: cache, winners: nil))
    }
    var output = Tensor(uninitialized: outputShape.batched(batch))
    var winners = takesMaximum ? Tensor(uninitialized: output.shape) : nil
    input.withUnsafeFloats { source in
      output.withUnsafeMutableFloats { result in
        if takesMaximum {
          winners?.withUnsafeMutableFloats { winners in
            forEachWindow(batch) { index, start, rows, columns in
              var winner = start + rows.lowerBound * inputShape[2] + columns.lowerBound
              for row in rows {
                for column in columns where !(source[start + row * inputShape[2] + column] <= source[winner]) {
                  winner = start + row * inputShape[2] + column
                }
              }
              result[index] = source[winner]
              winners[index] = Float(winner - start)
            }
          }
        } else {
          forEachWindow(batch) { index, start, rows, columns in
            var sum: Float = 0
            for row in rows {
              for column in columns { sum += source[start + row * inputShape[2] + column] }
            }
            result[index] = sum / Float(rows.count * columns.count)
          }
        }
      }
    }
    return (output, AdaptivePoolingCache(batch: batch, pooling: nil, winners: winners))
  }

  func inputGradient(_ outputGradient: Tensor, _ cache: AdaptivePoolingCache) throws(LayerError) -> Tensor {
    if let even, let pooling = cache.pooling { return try even.inputGradient(outputGradient, pooling) }
    return Tensor(inputShape.batched(cache.batch)) { result in
      outputGradient.withUnsafeFloats { gradient in
        if let winners = cache.winners {
          winners.withUnsafeFloats { winners in
            forEachWindow(cache.batch) { index, start, _, _ in result[start + Int(winners[index])] += gradient[index] }
          }
        } else {
          forEachWindow(cache.batch) { index, start, rows, columns in
            let share = gradient[index] / Float(rows.count * columns.count)
            for row in rows {
              for column in columns { result[start + row * inputShape[2] + column] += share }
            }
          }
        }
      }
    }
  }

  /// Each element of the output, where its map begins in the input, and its window there.
  @inline(__always)
  private func forEachWindow(_ batch: Int, _ body: (Int, Int, Range<Int>, Range<Int>) -> Void) {
    var index = 0
    for map in 0..<batch * inputShape[0] {
      for row in rows {
        for column in columns {
          body(index, map * inputShape[1] * inputShape[2], row, column)
          index += 1
        }
      }
    }
  }
}

extension AdaptivePoolingLayer {
  public var outputShape: Shape { passes.outputShape }
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { passes.reach }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: AdaptivePoolingCache) {
    try passes.forward(input)
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor { try passes.infer(input) }

  public func backward(
    _ outputGradient: Tensor, _ cache: AdaptivePoolingCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    context.needsInputGradients ? try passes.inputGradient(outputGradient, cache) : nil
  }
}
