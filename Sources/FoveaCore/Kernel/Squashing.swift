internal import CKernels

/// The hyperbolic tangent of each element, y = amplitude·tanh(slope·x), in whatever layout.
///
/// One pass, where oneDNN 2.6 takes three for an amplitude and a slope that are not 1.
public struct Squashing: Sendable, Hashable {
  public let amplitude: Float
  public let slope: Float

  public init(amplitude: Float, slope: Float) {
    self.amplitude = amplitude
    self.slope = slope
  }

  public func apply(_ input: Tensor) -> Tensor {
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    apply(input, to: output)
    return output
  }

  /// The same in the memory of a tensor that a kernel has just made, and that nobody else holds yet.
  public func apply(inPlace fresh: Tensor) { apply(fresh, to: fresh) }

  private func apply(_ input: Tensor, to output: Tensor) {
    let watch = KernelRecorder.start()
    fovea_squash(
      VectorInstructions.best.raw, input.storedCount, amplitude, slope, input.address, output.address)
    watch?.stop("squash", .best)
    withExtendedLifetime((input, output)) {}
  }

  /// - Parameters:
  ///   - outputGradient: in the layout of `output`.
  ///   - output: what ``apply(_:)`` made.
  public func inputGradient(_ outputGradient: Tensor, output: Tensor) -> Tensor {
    let result = Tensor(uninitialized: output.shape, layout: output.layout)
    let watch = KernelRecorder.start()
    fovea_squash_gradient(
      VectorInstructions.best.raw, output.storedCount, amplitude, slope, output.address,
      outputGradient.address, result.address)
    watch?.stop("squash", .best)
    withExtendedLifetime((outputGradient, output)) {}
    return result
  }
}

extension Tensor {
  /// Floats in memory, those that pad a blocked layout included.
  fileprivate var storedCount: Int { byteCount / MemoryLayout<Float>.stride }
}
