import COneDNN
import Testing

@Suite struct PoolingTests {
  static let kinds = [FOVEA_DNN_POOL_MAX, FOVEA_DNN_POOL_MIN, FOVEA_DNN_POOL_AVERAGE, FOVEA_DNN_POOL_AVERAGE_WITHIN]

  static let geometries: [fovea_dnn_pooling] = [
    .init(channels: 6, input: (8, 6), kernel: (2, 2), stride: (2, 2)),
    // Overlapping, with a remainder.
    .init(channels: 16, input: (10, 8), kernel: (3, 2), stride: (2, 1)),
    .init(channels: 5, input: (7, 9), kernel: (3, 3), stride: (2, 2), padding: (1, 0, 1, 2)),
    .init(channels: 3, input: (9, 9), kernel: (2, 3), stride: (1, 2), dilation: (3, 2)),
  ]

  @Test(arguments: kinds, geometries.indices)
  func bothPassesEqualTheLoops(kind: fovea_dnn_pooling_kind, index: Int) throws {
    var pooling = Self.geometries[index]
    pooling.kind = kind
    let reference = Reference(pooling)
    let source = numbers(reference.sourceCount, seed: 1)
    let gradient = numbers(reference.destinationCount, seed: 2)
    let expected = reference.forward(source)
    let dimensions = [pooling.batch, pooling.channels, pooling.input_height, pooling.input_width]
    for layout in [try Layouts.plain(dimensions), try Layouts.channelsLast(dimensions)] {
      let inference = try Primitive { fovea_dnn_pooling_create(&pooling, FOVEA_DNN_INFERENCE, layout, $0) }
      #expect(fovea_dnn_primitive_workspace_byte_count(inference.handle) == 0)
      #expect(difference(try inference.run([FOVEA_DNN_SRC: source], to: [FOVEA_DNN_DST])[0], expected) < 1e-5)
      let forward = try Primitive { fovea_dnn_pooling_create(&pooling, FOVEA_DNN_TRAINING, layout, $0) }
      let backward = try Primitive { fovea_dnn_pooling_create(&pooling, FOVEA_DNN_BACKWARD_DATA, layout, $0) }
      let byteCount = fovea_dnn_primitive_workspace_byte_count(forward.handle)
      #expect(byteCount == fovea_dnn_primitive_workspace_byte_count(backward.handle))
      #expect((byteCount > 0) == (kind == FOVEA_DNN_POOL_MAX || kind == FOVEA_DNN_POOL_MIN))
      #expect(forward.layout(FOVEA_DNN_DST) == backward.layout(FOVEA_DNN_DIFF_DST))
      let workspace = Memory(byteCount: byteCount)
      let output = try forward.run([FOVEA_DNN_SRC: source], to: [FOVEA_DNN_DST], workspace: workspace)
      #expect(difference(output[0], expected) < 1e-5)
      let data = try backward.run(
        [FOVEA_DNN_DIFF_DST: gradient], to: [FOVEA_DNN_DIFF_SRC], workspace: workspace)
      #expect(difference(data[0], reference.backward(gradient, source)) < 1e-5)
    }
  }

  @Test func impossiblePoolingsAreErrors() throws {
    let layout = try Layouts.plain([2, 3, 4, 4])
    var large = fovea_dnn_pooling(channels: 3, input: (4, 4), kernel: (5, 2), stride: (1, 1))
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_pooling_create(&large, FOVEA_DNN_INFERENCE, layout, $0) }
    }
    var outside = fovea_dnn_pooling(
      channels: 3, input: (4, 4), kernel: (2, 2), stride: (1, 1), padding: (2, 0, 0, 0))
    #expect(
      throws: Failure(
        status: FOVEA_DNN_INVALID,
        message: "pooling: a pooling window lies in the padding alone (height: kernel 2, padding 2 and 0)")
    ) {
      try Primitive { fovea_dnn_pooling_create(&outside, FOVEA_DNN_INFERENCE, layout, $0) }
    }
    var other = fovea_dnn_pooling(channels: 3, input: (4, 5), kernel: (2, 2), stride: (1, 1))
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_pooling_create(&other, FOVEA_DNN_INFERENCE, layout, $0) }
    }
  }
}

extension fovea_dnn_pooling {
  /// `padding` is top, left, bottom, right.
  init(
    channels: Int64, input: (Int64, Int64), kernel: (Int64, Int64), stride: (Int64, Int64),
    dilation: (Int64, Int64) = (1, 1), padding: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
  ) {
    self.init(
      kind: FOVEA_DNN_POOL_MAX, batch: 2, channels: channels, input_height: input.0, input_width: input.1,
      kernel_height: kernel.0, kernel_width: kernel.1, stride_height: stride.0, stride_width: stride.1,
      dilation_height: dilation.0, dilation_width: dilation.1, pad_top: padding.0, pad_left: padding.1,
      pad_bottom: padding.2, pad_right: padding.3)
  }
}

/// Pooling, window by window.
private struct Reference {
  let p: fovea_dnn_pooling

  init(_ pooling: fovea_dnn_pooling) { p = pooling }

  var planes: Int { Int(p.batch * p.channels) }
  var height: Int { Int(p.input_height) }
  var width: Int { Int(p.input_width) }
  var outputHeight: Int {
    let extent = p.dilation_height * (p.kernel_height - 1) + 1
    return Int((p.input_height + p.pad_top + p.pad_bottom - extent) / p.stride_height + 1)
  }
  var outputWidth: Int {
    let extent = p.dilation_width * (p.kernel_width - 1) + 1
    return Int((p.input_width + p.pad_left + p.pad_right - extent) / p.stride_width + 1)
  }
  var sourceCount: Int { planes * height * width }
  var destinationCount: Int { planes * outputHeight * outputWidth }

  /// The offsets of the source elements under the window of an output element.
  func window(_ destination: Int) -> [Int] {
    let plane = destination / (outputHeight * outputWidth)
    let y = destination / outputWidth % outputHeight
    let x = destination % outputWidth
    var result: [Int] = []
    for v in 0..<Int(p.kernel_height) {
      for u in 0..<Int(p.kernel_width) {
        let row = y * Int(p.stride_height) + v * Int(p.dilation_height) - Int(p.pad_top)
        let column = x * Int(p.stride_width) + u * Int(p.dilation_width) - Int(p.pad_left)
        guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
        result.append((plane * height + row) * width + column)
      }
    }
    return result
  }

  func divisor(_ window: [Int]) -> Float {
    p.kind == FOVEA_DNN_POOL_AVERAGE ? Float(p.kernel_height * p.kernel_width) : Float(window.count)
  }

  func forward(_ source: [Float]) -> [Float] {
    (0..<destinationCount).map { destination in
      let window = window(destination)
      let values = window.map { source[$0] }
      switch p.kind {
      case FOVEA_DNN_POOL_MAX: return values.max() ?? .nan
      case FOVEA_DNN_POOL_MIN: return values.min() ?? .nan
      default: return values.reduce(0, +) / divisor(window)
      }
    }
  }

  func backward(_ gradient: [Float], _ source: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: sourceCount)
    for (destination, value) in gradient.enumerated() {
      let window = window(destination)
      switch p.kind {
      case FOVEA_DNN_POOL_MAX:
        if let winner = window.max(by: { source[$0] < source[$1] }) { result[winner] += value }
      case FOVEA_DNN_POOL_MIN:
        if let winner = window.min(by: { source[$0] < source[$1] }) { result[winner] += value }
      default: for offset in window { result[offset] += value / divisor(window) }
      }
    }
    return result
  }
}
