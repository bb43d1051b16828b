import COneDNN
import Foundation
import Testing

@Suite struct ActivationTests {
  static let all = [
    fovea_dnn_activation(kind: FOVEA_DNN_IDENTITY, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_RELU, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_LEAKY_RELU, alpha: 0.2, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: 1, beta: 1),
    fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: 1.7159, beta: 2.0 / 3),
    fovea_dnn_activation(kind: FOVEA_DNN_LOGISTIC, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_LINEAR, alpha: -3, beta: 0.5),
    fovea_dnn_activation(kind: FOVEA_DNN_CLIP, alpha: -0.3, beta: 0.7),
    fovea_dnn_activation(kind: FOVEA_DNN_ELU, alpha: 0.8, beta: 0),
  ]
  /// Those whose gradient is taken from the input.
  static let falling = [
    fovea_dnn_activation(kind: FOVEA_DNN_SWISH, alpha: 1, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_SWISH, alpha: 1.7, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_HARD_SWISH, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_GELU, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_GELU_TANH, alpha: 0, beta: 0),
  ]

  @Test(arguments: falling)
  func thoseThatFallEqualTheFormulas(activation: fovea_dnn_activation) throws {
    var activation = activation
    let layout = try blocked()
    let x = numbers(2 * 6 * 5 * 7, seed: 1).map { 5 * $0 }
    let dy = numbers(x.count, seed: 2)
    let forward = try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_TRAINING, layout, $0) }
    let y = try forward.run([FOVEA_DNN_SRC: x], to: [FOVEA_DNN_DST])[0]
    #expect(difference(y, x.map { activation.value($0) }) < 1e-5)
    let backward = try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_BACKWARD_DATA, layout, $0) }
    let dx = try backward.run([FOVEA_DNN_SRC: x, FOVEA_DNN_DIFF_DST: dy], to: [FOVEA_DNN_DIFF_SRC])[0]
    let step: Float = 1e-2
    let slopes = x.map { x in
      // Differences know nothing of kinks.
      if activation.kind == FOVEA_DNN_HARD_SWISH { return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6 }
      return (activation.value(x + step) - activation.value(x - step)) / (2 * step)
    }
    #expect(difference(dx, zip(slopes, dy).map { $0 * $1 }) < 2e-3)
  }

  @Test(arguments: all)
  func forwardAndBackwardEqualTheFormulas(activation: fovea_dnn_activation) throws {
    var activation = activation
    let layout = try blocked()
    let x = numbers(2 * 6 * 5 * 7, seed: 1).map { 3 * $0 }
    let dy = numbers(x.count, seed: 2)
    let forward = try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_TRAINING, layout, $0) }
    let y = try forward.run([FOVEA_DNN_SRC: x], to: [FOVEA_DNN_DST])[0]
    #expect(difference(y, x.map { activation.value($0) }) < 1e-5)
    let backward = try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_BACKWARD_DATA, layout, $0) }
    let dx = try backward.run([FOVEA_DNN_DST: y, FOVEA_DNN_DIFF_DST: dy], to: [FOVEA_DNN_DIFF_SRC])[0]
    #expect(difference(dx, zip(x, dy).map { activation.slope($0) * $1 }) < 1e-4)
  }

  @Test(arguments: all)
  func runsInPlace(activation: fovea_dnn_activation) throws {
    var activation = activation
    let layout = try blocked()
    let x = numbers(2 * 6 * 5 * 7, seed: 3)
    let dy = numbers(x.count, seed: 4)
    let memory = try Memory(x, layout)
    try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_INFERENCE, layout, $0) }
      .execute([FOVEA_DNN_SRC: memory, FOVEA_DNN_DST: memory])
    #expect(difference(try memory.values(layout), x.map { activation.value($0) }) < 1e-5)
    let gradient = try Memory(dy, layout)
    try Primitive { fovea_dnn_activation_create(&activation, FOVEA_DNN_BACKWARD_DATA, layout, $0) }
      .execute([FOVEA_DNN_DST: memory, FOVEA_DNN_DIFF_DST: gradient, FOVEA_DNN_DIFF_SRC: gradient])
    #expect(difference(try gradient.values(layout), zip(x, dy).map { activation.slope($0) * $1 }) < 1e-4)
  }

  @Test func impossibleActivationsAreErrors() throws {
    let layout = try Layouts.plain([2, 3])
    var steep = fovea_dnn_activation(kind: FOVEA_DNN_LEAKY_RELU, alpha: -1, beta: 0)
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_activation_create(&steep, FOVEA_DNN_BACKWARD_DATA, layout, $0) }
    }
    var risen = fovea_dnn_activation(kind: FOVEA_DNN_CLIP, alpha: 1, beta: 2)
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_activation_create(&risen, FOVEA_DNN_INFERENCE, layout, $0) }
    }
    var flat = fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: 0, beta: 1)
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_activation_create(&flat, FOVEA_DNN_INFERENCE, layout, $0) }
    }
    var unknown = fovea_dnn_activation(kind: fovea_dnn_activation_kind(rawValue: 77), alpha: 0, beta: 1)
    #expect(
      throws: Failure(status: FOVEA_DNN_INVALID, message: "activation: there is no activation number 77")
    ) {
      try Primitive { fovea_dnn_activation_create(&unknown, FOVEA_DNN_INFERENCE, layout, $0) }
    }
  }

  /// Six channels in blocks, so that there is padding to keep clean.
  private func blocked() throws -> fovea_dnn_layout {
    var convolution = fovea_dnn_convolution(channels: 1, 6, input: (5, 7), kernel: (1, 1))
    let primitive = try Primitive {
      fovea_dnn_convolution_create(&convolution, FOVEA_DNN_INFERENCE, nil, nil, nil, $0)
    }
    // The primitive's own goes with it.
    let layout = try #require(primitive.layout(FOVEA_DNN_DST))
    let order = try #require(fovea_dnn_layout_order(layout))
    return try #require(
      fovea_dnn_order_layout(order, fovea_dnn_layout_rank(layout), fovea_dnn_layout_dimensions(layout)))
  }
}

extension fovea_dnn_activation {
  func value(_ x: Float) -> Float {
    switch kind {
    case FOVEA_DNN_RELU: max(x, 0)
    case FOVEA_DNN_LEAKY_RELU: x > 0 ? x : alpha * x
    case FOVEA_DNN_TANH: alpha * tanh(beta * x)
    case FOVEA_DNN_LOGISTIC: 1 / (1 + exp(-x))
    case FOVEA_DNN_LINEAR: alpha * x + beta
    case FOVEA_DNN_CLIP: min(max(x, alpha), beta)
    case FOVEA_DNN_ELU: x > 0 ? x : alpha * (exp(x) - 1)
    case FOVEA_DNN_SWISH: x / (1 + exp(-alpha * x))
    case FOVEA_DNN_HARD_SWISH: x * min(max(x + 3, 0), 6) / 6
    case FOVEA_DNN_GELU: x * (1 + erf(x / Float(2).squareRoot())) / 2
    case FOVEA_DNN_GELU_TANH: x * (1 + tanh((2 / Float.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    default: x
    }
  }

  func slope(_ x: Float) -> Float {
    switch kind {
    case FOVEA_DNN_RELU: x > 0 ? 1 : 0
    case FOVEA_DNN_LEAKY_RELU: x > 0 ? 1 : alpha
    case FOVEA_DNN_TANH: alpha * beta * (1 - tanh(beta * x) * tanh(beta * x))
    case FOVEA_DNN_LOGISTIC: value(x) * (1 - value(x))
    case FOVEA_DNN_LINEAR: alpha
    case FOVEA_DNN_CLIP: x > alpha && x < beta ? 1 : 0
    case FOVEA_DNN_ELU: x > 0 ? 1 : alpha * exp(x)
    default: 1
    }
  }
}
