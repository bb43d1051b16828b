import FoveaCore

/// The weights of a layer in one call of a network in use. Kernels take them as they are, or ask for what was prepared of them.
struct LayerWeights {
  let parameters: [Tensor]
  let inUse: WeightsInUse

  /// In plain order.
  var plain: Tensor { inUse.areParameters ? parameters[0].plain() : prepared.plain() }
  var bias: Tensor? { inUse.areParameters ? (parameters.count > 1 ? parameters[1] : nil) : prepared.bias }
  var prepared: PreparedWeights { inUse.prepared(of: parameters) }
}

/// What was prepared of the parameters that a layer was last used with.
final class WeightsInUse: Sendable {
  /// Whether the parameters are the weights and the bias, so that kernels may take them without any preparation.
  let areParameters: Bool
  private let last: PreparedOnce<PreparedWeights>

  init(areParameters: Bool, prepare: @escaping @Sendable ([Tensor]) -> PreparedWeights) {
    self.areParameters = areParameters
    last = PreparedOnce(prepare)
  }

  fileprivate func prepared(of parameters: [Tensor]) -> PreparedWeights { last(parameters) }
}
