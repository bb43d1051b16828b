import FoveaCore
import Synchronization

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
///
/// It holds on to these too, so that their memory is nobody else's: whoever wants to change them gets a copy, as ``Tensor``
/// does whenever memory is shared, and other parameters are recognized by being elsewhere.
final class WeightsInUse: Sendable {
  private struct Kept: Sendable {
    let parameters: [Tensor]
    let weights: PreparedWeights

    func isMade(of others: [Tensor]) -> Bool {
      guard parameters.count == others.count else { return false }
      return parameters.indices.allSatisfy { parameters[$0].isSameMemory(as: others[$0]) }
    }
  }

  /// Whether the parameters are the weights and the bias, so that kernels may take them without any preparation.
  let areParameters: Bool
  private let prepare: @Sendable ([Tensor]) -> PreparedWeights
  private let last = Mutex<Kept?>(nil)

  init(areParameters: Bool, prepare: @escaping @Sendable ([Tensor]) -> PreparedWeights) {
    self.areParameters = areParameters
    self.prepare = prepare
  }

  fileprivate func prepared(of parameters: [Tensor]) -> PreparedWeights {
    if let weights = kept(parameters) { return weights }
    let fresh = Kept(parameters: parameters, weights: prepare(parameters))
    return last.withLock { last in
      // Another thread may have been faster; one of the two is enough.
      if let first = last, first.isMade(of: parameters) { return first.weights }
      last = fresh
      return fresh.weights
    }
  }

  private func kept(_ parameters: [Tensor]) -> PreparedWeights? {
    last.withLock { last in
      guard let last, last.isMade(of: parameters) else { return nil }
      return last.weights
    }
  }
}
