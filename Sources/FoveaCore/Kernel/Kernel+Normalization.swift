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
}
