import FoveaCore
import Synchronization

/// What was made of the parameters that a layer was last used with.
///
/// It holds on to these too, so that their memory is nobody else's: whoever wants to change them gets a copy, as ``Tensor``
/// does whenever memory is shared, and other parameters are recognized by being elsewhere.
final class PreparedOnce<Value: Sendable>: Sendable {
  private struct Kept: Sendable {
    let parameters: [Tensor]
    let value: Value

    func isMade(of others: [Tensor]) -> Bool {
      guard parameters.count == others.count else { return false }
      return parameters.indices.allSatisfy { parameters[$0].isSameMemory(as: others[$0]) }
    }
  }

  private let prepare: @Sendable ([Tensor]) -> Value
  private let last = Mutex<Kept?>(nil)

  init(_ prepare: @escaping @Sendable ([Tensor]) -> Value) {
    self.prepare = prepare
  }

  func callAsFunction(_ parameters: [Tensor]) -> Value {
    if let value = kept(parameters) { return value }
    let fresh = Kept(parameters: parameters, value: prepare(parameters))
    return last.withLock { last in
      // Another thread may have been faster; one of the two is enough.
      if let first = last, first.isMade(of: parameters) { return first.value }
      last = fresh
      return fresh.value
    }
  }

  private func kept(_ parameters: [Tensor]) -> Value? {
    last.withLock { last in
      guard let last, last.isMade(of: parameters) else { return nil }
      return last.value
    }
  }
}
