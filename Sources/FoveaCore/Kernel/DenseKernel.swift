internal import CKernels

/// A large dense layer's passes, perhaps with the rectifier, in kernels of our own: with few examples for many weights
/// oneDNN's take longer to rearrange the weights than to multiply them.
///
/// All tensors that go in and come out are plain.
package struct DenseKernel: Sendable {
  private let features: Int
  private let units: Int
  private let rectifies: Bool
  private let instructions: VectorInstructions

  /// - Returns: nil for sizes that the kernels do not know.
  package init?(features: Int, units: Int, rectifies: Bool, instructions: VectorInstructions = .inUse) {
    guard features > 0, units > 0, features <= Int(Int32.max) / 2, units <= Int(Int32.max) / 2,
      instructions.isAvailable
    else { return nil }
    self.features = features
    self.units = units
    self.rectifies = rectifies
    self.instructions = instructions
  }

  private func shape(_ batch: Int) -> fovea_dense {
    fovea_dense(
      batch: Int32(batch), features: Int32(features), units: Int32(units), threads: Int32(KernelThreads.current))
  }

  /// - Parameters:
  ///   - input: `[batch, …]` of `features` elements an example, which the caller has checked.
  ///   - weights: `[units, …]`
  /// - Returns: `[batch, units]`
  package func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) -> Tensor {
    let batch = input.shape[0]
    let (input, weights, bias) = (input.plain(), weights.plain(), bias?.plain())
    var shape = shape(batch)
    let output = Tensor(uninitialized: [batch, units])
    let scratch = Tensor(uninitialized: [fovea_dense_forward_scratch(&shape, instructions.raw)])
    let watch = KernelRecorder.start()
    fovea_dense_forward(
      &shape, instructions.raw, input.address, weights.address, bias?.address, rectifies, output.address,
      scratch.address)
    watch?.stop("dense", instructions)
    withExtendedLifetime((input, weights, bias, scratch)) {}
    return output
  }

  /// - Parameter outputGradient: `[batch, units]`, by what goes into the rectifier.
  /// - Returns: `[batch, features]`
  package func inputGradient(_ outputGradient: Tensor, _ weights: Tensor) -> Tensor {
    let batch = outputGradient.shape[0]
    let (outputGradient, weights) = (outputGradient.plain(), weights.plain())
    var shape = shape(batch)
    let result = Tensor(uninitialized: [batch, features])
    let watch = KernelRecorder.start()
    fovea_dense_data(&shape, instructions.raw, outputGradient.address, weights.address, result.address)
    watch?.stop("dense", instructions)
    withExtendedLifetime((outputGradient, weights)) {}
    return result
  }
}
