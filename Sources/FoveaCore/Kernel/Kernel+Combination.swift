import COneDNN

extension Kernel {
  /// The sum of tensors of one shape, each in a layout of its own. Takes `source(at:)` and `destination`.
  public static func sum(_ layouts: [Layout], shape: Shape, destination: Layout) throws(KernelError) -> Kernel {
    var sources: [ShapedLayout] = []
    for layout in layouts { sources.append(try layout.shaped(shape)) }
    let destination = try destination.shaped(shape)
    let scales = [Float](repeating: 1, count: sources.count)
    return try Kernel(sources + [destination]) {
      fovea_dnn_sum_create(
        Int32(clamping: sources.count), scales, sources.map(\.handle), destination.handle, $0)
    }
  }

  /// Tensors one after the other along `axis`. Takes `source(at:)` and `destination`, whose layout the kernel chooses.
  public static func concatenation(
    _ sources: [(shape: Shape, layout: Layout)], axis: Int
  ) throws(KernelError) -> Kernel {
    var layouts: [ShapedLayout] = []
    for source in sources { layouts.append(try source.layout.shaped(source.shape)) }
    return try Kernel(layouts) {
      fovea_dnn_concatenation_create(
        Int32(clamping: layouts.count), layouts.map(\.handle), Int32(clamping: axis), nil, $0)
    }
  }
}
