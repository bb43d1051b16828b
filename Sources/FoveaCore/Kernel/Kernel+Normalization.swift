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

  /// x · (k + alpha / size · Σ x²)^(−beta), the sum over `size` neighboring channels. Forward takes `source`, `destination` and in
  /// training `workspace`; backward `source`, `destinationGradient`, `workspace`, `sourceGradient`.
  public static func localResponseNormalization(
    pass: Pass, shape: Shape, layout: Layout, size: Int, alpha: Float, beta: Float, k: Float
  ) throws(KernelError) -> Kernel {
    let layout = try layout.shaped(shape)
    return try Kernel([layout]) {
      fovea_dnn_local_response_normalization_create(layout.handle, Int64(size), alpha, beta, k, pass.raw, $0)
    }
  }
}
