/// Where windows over any number of axes lie, as TensorFlow has it; for nodes of ONNX, which take no 'same' of this sort.
struct KerasWindow {
  let stride, dilation, before, after, output: [Int]

  /// - Parameter size: the window's.
  init(_ settings: KerasSettings, size: [Int], input: [Int], strideAsWindow: Bool = false) throws {
    let axes = size.count
    let isLeftOut = settings["strides", "subsample"] == nil
    let stride =
      try isLeftOut && strideAsWindow ? size : settings.extents("strides", "subsample", count: axes, default: 1)
    let dilation = try settings.extents("dilation_rate", count: axes, default: 1)
    guard (size + stride + dilation).allSatisfy({ 1...1 << 16 ~= $0 }) else {
      throw KerasProblem("its window, stride or dilation is no extent")
    }
    let isSame = try settings.text("padding", "border_mode", default: "valid") == "same"
    var (before, after, output) = ([Int](), [Int](), [Int]())
    for axis in 0..<axes {
      let reach = (size[axis] - 1) * dilation[axis] + 1
      let count =
        isSame ? (input[axis] + stride[axis] - 1) / stride[axis] : (input[axis] - reach) / stride[axis] + 1
      guard count > 0, isSame || input[axis] >= reach else {
        throw KerasProblem("its window is larger than its input, \(input)")
      }
      let missing = isSame ? max(0, (count - 1) * stride[axis] + reach - input[axis]) : 0
      before.append(missing / 2)
      after.append(missing - missing / 2)
      output.append(count)
    }
    (self.stride, self.dilation, self.before, self.after, self.output) = (stride, dilation, before, after, output)
  }
}
