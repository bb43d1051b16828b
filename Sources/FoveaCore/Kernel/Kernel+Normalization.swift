import COneDNN

extension Kernel {
  /// Softmax along `axis`. Forward takes `source`, `destination`; backward `destination`, the output of forward,
  /// `destinationGradient`, `sourceGradient`.
  public static func softmax(
    pass: Pass, shape: Shape, layout: Layout, axis: Int, logarithm: Bool = false
  ) throws(KernelError) -> Kernel {
    let layout = try layout.shaped(shape)
    return try Kernel([layout]) {
      fovea_dnn_softmax_create(layout.handle, Int32(clamping: axis), logarithm, pass.raw, $0)
    }
  }

  /// Batch normalization over axis 1: (x − mean) / √(variance + epsilon)·scale + shift.
  ///
  /// Inference takes `source`, `mean`, `variance`, `scale`, `shift`, `destination`. Training takes the same, and writes
  /// the mean and the variance of the batch. Backward takes `source`, `mean`, `variance`, `scale`, `shift`,
  /// `destinationGradient`, and writes `sourceGradient`, `scaleGradient`, `shiftGradient`.
  public static func batchNormalization(
    pass: Pass, shape: Shape, layout: Layout, epsilon: Float
  ) throws(KernelError) -> Kernel {
    let layout = try layout.shaped(shape)
    return try Kernel([layout]) { fovea_dnn_batch_normalization_create(layout.handle, epsilon, pass.raw, $0) }
  }
}
