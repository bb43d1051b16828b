import Foundation
import Fovea

/// y = x / (1 + e^(−slope·x)), with one slope for all, that is learned.
struct Gate: PlainLayer {
  static let kind = "gate"
  static let summary = "x / (1 + exp(−slope·x)) with a learned slope"

  let configuration: NoConfiguration
  let outputShape: Shape

  init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    outputShape = input
  }

  var parameters: [Parameter] { [Parameter("slope", [1], .constant(1))] }

  func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    for i in input.indices { output[i] = input[i] / (1 + exp(-parameters[0][0] * input[i])) }
  }

  func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>, _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {
    let slope = parameters[0][0]
    for i in input.indices {
      let open = 1 / (1 + exp(-slope * input[i]))
      inputGradient[i] = outputGradient[i] * (open + slope * output[i] * (1 - open))
      parameterGradients[0][0] += outputGradient[i] * input[i] * output[i] * (1 - open)
    }
  }
}
