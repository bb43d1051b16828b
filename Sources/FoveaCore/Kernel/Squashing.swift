internal import CKernels

/// The hyperbolic tangent of each element, y = amplitude·tanh(slope·x), in whatever layout.
///
/// One pass, where oneDNN 2.6 takes three for an amplitude and a slope that are not 1.
package struct Squashing: Sendable, Hashable {
  package let amplitude: Float
  package let slope: Float

  package init(amplitude: Float, slope: Float) {
    self.amplitude = amplitude
    self.slope = slope
  }

  package func apply(_ input: Tensor) -> Tensor {
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    apply(input, to: output)
    return output
  }

  /// The same in the memory of a tensor that a kernel has just made, and that nobody else holds yet.
  package func apply(inPlace fresh: Tensor) { apply(fresh, to: fresh) }

  private func apply(_ input: Tensor, to output: Tensor) {
    let watch = KernelRecorder.start()
    fovea_squash(
      VectorInstructions.inUse.raw, input.storedCount, amplitude, slope, input.address, output.address)
    watch?.stop("squash", .inUse)
    withExtendedLifetime((input, output)) {}
  }

  /// - Parameters:
  ///   - outputGradient: in the layout of `output`.
  ///   - output: what ``apply(_:)`` made.
  package func inputGradient(_ outputGradient: Tensor, output: Tensor) -> Tensor {
    let result = Tensor(uninitialized: output.shape, layout: output.layout)
    let watch = KernelRecorder.start()
    fovea_squash_gradient(
      VectorInstructions.inUse.raw, output.storedCount, amplitude, slope, output.address,
      outputGradient.address, result.address)
    watch?.stop("squash", .inUse)
    withExtendedLifetime((outputGradient, output)) {}
    return result
  }
}

extension Tensor {
  /// Floats in memory, those that pad a blocked layout included.
  fileprivate var storedCount: Int { byteCount / MemoryLayout<Float>.stride }
}
