import COneDNN

/// A function of each element that a kernel computes, on its own or right after a convolution or an inner product.
public enum ActivationFunction: Sendable, Hashable {
  /// max(x, 0)
  case relu
  /// x where x > 0, else slope·x, with slope ≥ 0
  case leakyRelu(slope: Float)
  /// amplitude·tanh(slope·x), neither of them 0
  case tanh(amplitude: Float, slope: Float)
  /// 1 / (1 + exp(−x))
  case logistic
  /// slope·x + offset
  case linear(slope: Float, offset: Float)
  /// min(max(x, lower), upper), with lower ≤ 0 ≤ upper
  case clip(lower: Float, upper: Float)
  /// x where x > 0, else alpha·(exp(x) − 1), with alpha ≥ 0
  case elu(alpha: Float)
  /// x / (1 + exp(−x))
  case silu
  /// x·min(max(x + 3, 0), 6) / 6
  case hardSwish
  /// x·Φ(x), with the normal distribution's Φ
  case gelu
  /// x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2
  case geluByTanh

  /// Whether its gradient follows from the input alone: it falls somewhere, so that an output has several inputs.
  public var gradientNeedsInput: Bool {
    switch self {
    case .relu, .leakyRelu, .tanh, .logistic, .linear, .clip, .elu: false
    case .silu, .hardSwish, .gelu, .geluByTanh: true
    }
  }

  var raw: fovea_dnn_activation {
    switch self {
    case .relu: fovea_dnn_activation(kind: FOVEA_DNN_RELU, alpha: 0, beta: 0)
    case .leakyRelu(let slope): fovea_dnn_activation(kind: FOVEA_DNN_LEAKY_RELU, alpha: slope, beta: 0)
    case .tanh(let amplitude, let slope):
      fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: amplitude, beta: slope)
    case .logistic: fovea_dnn_activation(kind: FOVEA_DNN_LOGISTIC, alpha: 0, beta: 0)
    case .linear(let slope, let offset): fovea_dnn_activation(kind: FOVEA_DNN_LINEAR, alpha: slope, beta: offset)
    case .clip(let lower, let upper): fovea_dnn_activation(kind: FOVEA_DNN_CLIP, alpha: lower, beta: upper)
    case .elu(let alpha): fovea_dnn_activation(kind: FOVEA_DNN_ELU, alpha: alpha, beta: 0)
    case .silu: fovea_dnn_activation(kind: FOVEA_DNN_SWISH, alpha: 1, beta: 0)
    case .hardSwish: fovea_dnn_activation(kind: FOVEA_DNN_HARD_SWISH, alpha: 0, beta: 0)
    case .gelu: fovea_dnn_activation(kind: FOVEA_DNN_GELU, alpha: 0, beta: 0)
    case .geluByTanh: fovea_dnn_activation(kind: FOVEA_DNN_GELU_TANH, alpha: 0, beta: 0)
    }
  }
}

extension ActivationFunction? {
  var raw: fovea_dnn_activation {
    self?.raw ?? fovea_dnn_activation(kind: FOVEA_DNN_IDENTITY, alpha: 0, beta: 0)
  }
}

extension Kernel {
  /// A function of each element, of a tensor in any layout; the results have the same one.
  ///
  /// Forward takes `source` and `destination`; backward takes `destination`, the *output* of forward, or where
  /// ``ActivationFunction/gradientNeedsInput`` `source`, and `destinationGradient` and `sourceGradient`. Both may work in place.
  public static func activation(
    _ function: ActivationFunction, pass: Pass, shape: Shape, layout: Layout
  ) throws(KernelError) -> Kernel {
    let layout = try layout.shaped(shape)
    return try Kernel([layout]) { result in
      withUnsafePointer(to: function.raw) { fovea_dnn_activation_create($0, pass.raw, layout.handle, result) }
    }
  }
}
