import FoveaCore

/// y = x where x > 0, else slope·x, with a slope for each channel that is learned.
///
/// Source: He, Zhang, Ren, Sun 2015, section 2.1, channel-wise.
public struct ParametricReluLayer: PlainLayer {
  public static let kind = "parametricRelu"
  public static let summary = "x where x > 0, else slope·x, with a learned slope for each channel"

  public struct Configuration: Configurable {
    /// Where the slopes start.
    public var slope: Float = 0.25
    public init() {}
  }

  public let configuration: Configuration
  public let outputShape: Shape

  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    outputShape = input
  }

  public var parameters: [Parameter] { [Parameter("slope", [outputShape[0]], .constant(configuration.slope))] }

  public func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    for i in input.indices { output[i] = input[i] > 0 ? input[i] : parameters[0][channel(i)] * input[i] }
  }

  public func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>, _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {
    for i in input.indices {
      inputGradient[i] = outputGradient[i] * (input[i] > 0 ? 1 : parameters[0][channel(i)])
      if input[i] <= 0 { parameterGradients[0][channel(i)] += outputGradient[i] * input[i] }
    }
  }

  private func channel(_ index: Int) -> Int {
    index / (outputShape.count / outputShape[0]) % outputShape[0]
  }
}
