import FoveaCore

/// Kernels that compute output = weights ∗ input + bias, or some of its passes, and when they are the ones to take.
///
/// An object, since each pass asks one after the other: as a value it would bring all that it holds to count the owners of.
protocol KernelCandidate: AnyObject, AffineOperator {
  func applies(to call: KernelCall) -> Bool
  /// Whether ``infer(_:_:adding:batch:)`` adds to what it is given.
  var canAdd: Bool { get }
}

/// A pass, and how what it works on comes: the input forward and for the weights' gradient, else the output's gradient.
struct KernelCall {
  let pass: Kernel.Pass
  let batch: Int
  let layout: Layout

  var isForward: Bool { pass == .inference || pass == .training }
}

/// A candidate need not have the passes that it never applies to.
extension KernelCandidate {
  var canAdd: Bool { false }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    throw missing("input's gradient")
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    throw missing("gradient of the weights")
  }

  private func missing(_ what: String) -> KernelError { KernelError("\(Self.self) has no kernel for the \(what)") }
}
