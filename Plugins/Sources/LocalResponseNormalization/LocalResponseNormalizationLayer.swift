import Foundation
import FoveaCore
import FoveaTesting

/// Divides each activation by what its neighbor maps have at the same place:
/// b_c = a_c / (k + α·Σ a_j²)^β, the sum over the `size` maps around c that exist.
///
/// Input and output: `[channels, height, width]`.
///
/// Source: Krizhevsky, Sutskever, Hinton 2012, section 3.3; the defaults are theirs.
/// PyTorch, Caffe and the built-in `localResponseNormalization` divide α by `size`.
public struct LocalResponseNormalizationLayer: PlainLayer {
  public static let kind = "alexNetNormalization"
  public static let summary = "divides activations by those of neighbor maps, as in AlexNet"

  public struct Configuration: Configurable {
    /// Maps in the sum, an odd number.
    public var size = 5
    public var k: Float = 2
    public var alpha: Float = 1e-4
    public var beta: Float = 0.75

    public init() {}
  }

  public let configuration: Configuration
  public let outputShape: Shape
  private let channels: Int
  private let pixels: Int

  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    func invalid(_ key: String, _ expected: String, _ got: some Any) -> LayerError {
      .invalidConfiguration(kind: Self.kind, key: key, expected: expected, got: "\(got)")
    }
    let (size, k, alpha) = (configuration.size, configuration.k, configuration.alpha)
    guard (1...1_000_000).contains(size), !size.isMultiple(of: 2) else {
      throw invalid("size", "an odd number from 1", size)
    }
    guard k > 0 else { throw invalid("k", "above 0", k) }
    guard alpha >= 0 else { throw invalid("alpha", "0 or more", alpha) }
    guard configuration.beta > 0 else { throw invalid("beta", "above 0", configuration.beta) }
    guard input.rank == 3 else {
      throw .invalidInput(kind: Self.kind, expected: "[channels, height, width]", got: input)
    }
    self.configuration = configuration
    outputShape = input
    channels = input[0]
    pixels = input[1] * input[2]
  }

  public func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    for place in places(batch) {
      for channel in 0..<channels {
        let index = place + channel * pixels
        output[index] = input[index] * pow(base(input, place, channel), -configuration.beta)
      }
    }
  }

  /// ∂b_c/∂a_i = [c = i]·s_c^(−β) − 2αβ·a_c·a_i·s_c^(−β−1) for i around c, with s_c = k + α·Σ a_j².
  public func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>, _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {
    let factor = 2 * configuration.alpha * configuration.beta
    for place in places(batch) {
      for channel in 0..<channels {
        let index = place + channel * pixels
        let base = base(input, place, channel)
        inputGradient[index] += outputGradient[index] * pow(base, -configuration.beta)
        let shared = factor * outputGradient[index] * output[index] / base
        for neighbor in around(channel) {
          let other = place + neighbor * pixels
          inputGradient[other] -= shared * input[other]
        }
      }
    }
  }

  /// Where the first channel of each pixel of each example lies.
  private func places(_ batch: Int) -> some Sequence<Int> {
    (0..<batch).lazy.flatMap { example in
      let start = example * channels * pixels
      return start..<start + pixels
    }
  }

  private func around(_ channel: Int) -> Range<Int> {
    max(0, channel - configuration.size / 2)..<min(channels, channel + configuration.size / 2 + 1)
  }

  private func base(_ input: UnsafeBufferPointer<Float>, _ place: Int, _ channel: Int) -> Float {
    var sum: Float = 0
    for neighbor in around(channel) {
      let value = input[place + neighbor * pixels]
      sum += value * value
    }
    return configuration.k + configuration.alpha * sum
  }
}

extension LocalResponseNormalizationLayer: ContractExamples {
  /// AlexNet's α is so small that a wrong gradient would not be seen; a larger one shows it.
  public static var contractExamples: [ContractExample<Configuration>] {
    var strong = Configuration()
    (strong.size, strong.k, strong.alpha, strong.beta) = (3, 1, 0.5, 0.6)
    return [ContractExample(strong, inputs: [[5, 3, 4]]), ContractExample(Configuration(), inputs: [[7, 2, 3]])]
  }
}
