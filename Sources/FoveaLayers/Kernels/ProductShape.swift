import FoveaCore

/// What all kernels for a product of weights and input want to know of it.
struct ProductShape: Sendable {
  /// Of an example: as many elements as a unit has weights.
  let input: Shape
  /// Of an example: as many elements as there are units.
  let output: Shape
  let hasBias: Bool
  let activation: ActivationFunction?

  var weightCount: Int { input.count * output.count }

  func operation(batch: Int) -> InnerProductOperation {
    InnerProductOperation(
      batch: batch, inputs: input.count, outputs: output.count, hasBias: hasBias, activation: activation)
  }
}
