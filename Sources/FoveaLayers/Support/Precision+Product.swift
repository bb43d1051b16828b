import FoveaCore

extension Precision {
  /// The product of weights and input for factors of this precision.
  func product(
    inputShape: Shape, outputShape: Shape, hasBias: Bool, activation: ActivationFunction?
  ) -> any AffineOperator {
    switch self {
    case .float32:
      InnerProductOperator(inputShape: inputShape, outputShape: outputShape, hasBias: hasBias, activation: activation)
    case .bfloat16:
      BFloat16ProductOperator(
        inputShape: inputShape, outputShape: outputShape, hasBias: hasBias, activation: activation)
    }
  }
}
