import Foundation
public import FoveaCore

/// The p-norm of each window: y = (Σ |x|^p)^(1/p), between the sum of magnitudes, p = 1, and the largest of them. Padding counts as
/// zeros.
///
/// Source: Sermanet, Chintala, LeCun 2012, "Convolutional Neural Networks Applied to House Numbers Digit Classification", section 2.2.
public struct LpPooling: UnaryLayer {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["window"]
    public static let explanations = [
      "window": "its size in pixels",
      "stride": "pixels from one window to the next; as the window where left out",
      "padding": "what is added around the image, in pixels",
      "p": "the power, 1 or more",
    ]

    public var window: Extent
    /// As large as the window where nil, so that windows lie side by side.
    public var stride: Extent?
    public var padding: Padding
    public var p: Float

    public static var prototype: Self { Self(window: 1) }

    public init(window: Extent, stride: Extent? = nil, padding: Padding = .valid, p: Float = 2) {
      self.window = window
      self.stride = stride
      self.padding = padding
      self.p = p
    }
  }

  public struct Cache: Sendable {
    let input, output: Tensor
    let pooling: PoolingCache
  }

  public static let kind = "lpPooling"
  public static let summary = "the p-norm of each window"

  public let configuration: Configuration
  public var outputShape: Shape { passes.outputShape }
  let passes: PoolingPasses
  private let inputShape: Shape
  /// Of a window: its mean is multiplied by that to be the sum.
  private let area: Float

  /// - Throws: ``LayerError`` where a setting is out of range, or the window is larger than the padded input.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let p = configuration.p
    try check.that(p >= 1 && p.isFinite, "p", "a number of 1 or more", p)
    self.configuration = configuration
    inputShape = input
    passes = try PoolingPasses(
      check, .average, input: input, window: configuration.window, stride: configuration.stride,
      padding: configuration.padding)
    area = Float(configuration.window.height) * Float(configuration.window.width)
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let batch = try Check(kind: Self.kind).batch(of: input, inputShape)
    let input = input.plain()
    // Powers of large numbers would overflow; those of numbers relative to the largest do not.
    let largest = largest(of: input, batch)
    let (means, pooling) = try passes.forward(mapped(input) { x, i in power(abs(x) / largest[i], configuration.p) })
    let output = mapped(means.plain()) { x, i in largest[i] * power(x * area, 1 / configuration.p) }
    return (output, Cache(input: input, output: output, pooling: pooling))
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    // ∂y/∂x = sign(x)·(|x| / y)^(p − 1), and 0 where y is.
    let largest = largest(of: cache.input, cache.input.shape[0])
    let gradient = outputGradient.plain()
    let shares = gradient.withUnsafeFloats { gradient in
      cache.output.withUnsafeFloats { output in
        Tensor(cache.output.shape) { shares in
          let width = outputShape.count
          for i in shares.indices where output[i] > 0 {
            shares[i] = area * gradient[i] * power(largest[i / width] / output[i], configuration.p - 1)
          }
        }
      }
    }
    let sums = try passes.inputGradient(shares, cache.pooling).plain()
    return sums.withUnsafeFloats { sums in
      let width = inputShape.count
      return cache.input.withUnsafeFloats { input in
        Tensor(cache.input.shape) { result in
          for i in result.indices where input[i] != 0 {
            let factor = power(abs(input[i]) / largest[i / width], configuration.p - 1)
            result[i] = input[i] > 0 ? sums[i] * factor : -sums[i] * factor
          }
        }
      }
    }
  }

  /// The largest magnitude of each example; 1 where all are 0.
  private func largest(of input: Tensor, _ batch: Int) -> [Float] {
    input.withUnsafeFloats { elements in
      (0..<batch).map { example in
        let width = inputShape.count
        let most = (example * width..<(example + 1) * width).reduce(Float(0)) { max($0, abs(elements[$1])) }
        return most > 0 ? most : 1
      }
    }
  }

  /// Each element, and the number of its example.
  private func mapped(_ tensor: Tensor, _ body: (Float, Int) -> Float) -> Tensor {
    let width = tensor.shape.withoutBatch.count
    return tensor.withUnsafeFloats { source in
      Tensor(tensor.shape) { result in
        for i in result.indices { result[i] = body(source[i], i / width) }
      }
    }
  }

  private func power(_ x: Float, _ exponent: Float) -> Float {
    switch exponent {
    case 0: 1
    case 0.5: x.squareRoot()
    case 1: x
    case 2: x * x
    default: powf(x, exponent)
    }
  }
}
