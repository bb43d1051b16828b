import FoveaCore

extension WeightInitialization {
  /// Biases start as zeros, except by the rule of 1998, which draws them as it does weights.
  func biasInitialization(fanIn: Int) -> Initialization {
    self == .fanIn ? initialization(fanIn: fanIn, fanOut: 1) : .zeros
  }
}
