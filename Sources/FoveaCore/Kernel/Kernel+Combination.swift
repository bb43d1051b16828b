import COneDNN

extension Kernel {
  /// The sum of tensors of one shape, each in a layout of its own. Takes `source(at:)` and `destination`.
  public static func sum(_ layouts: [Layout], shape: Shape, destination: Layout) throws(KernelError) -> Kernel {
    var sources: [fovea_dnn_layout] = []
    for layout in layouts { sources.append(try layout.handle(shape)) }
    let destination = try destination.handle(shape)
    let scales = [Float](repeating: 1, count: sources.count)
    return try Kernel { fovea_dnn_sum_create(Int32(clamping: sources.count), scales, sources, destination, $0) }
  }

  /// Tensors one after the other along `axis`. Takes `source(at:)` and `destination`, whose layout the kernel chooses.
  public static func concatenation(
    _ sources: [(shape: Shape, layout: Layout)], axis: Int
  ) throws(KernelError) -> Kernel {
    var handles: [fovea_dnn_layout] = []
    for source in sources { handles.append(try source.layout.handle(source.shape)) }
    return try Kernel {
      fovea_dnn_concatenation_create(Int32(clamping: handles.count), handles, Int32(clamping: axis), nil, $0)
    }
  }
}
