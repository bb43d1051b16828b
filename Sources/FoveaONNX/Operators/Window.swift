/// A window that goes over axes in space: convolutions and poolings of any number of axes.
struct Window {
  let input: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  var before: [Int]
  var after: [Int]
  let output: [Int]

  /// - Parameters:
  ///   - input: the extents in space.
  ///   - kernel: the window's; by the attribute `kernel_shape` where it has one.
  init(_ call: ONNXCall, input: [Int], kernel: [Int]? = nil, isPooling: Bool = false) throws {
    let rank = input.count
    let given = try call.ints("kernel_shape")
    guard let kernel = kernel ?? given, kernel.count == rank, given == nil || given == kernel,
      kernel.allSatisfy({ $0 > 0 })
    else { throw Problem("a kernel of \(kernel ?? given ?? []) does not go over \(input)") }
    let strides = try call.extents("strides", rank, default: 1, least: 1)
    let dilations = try call.extents("dilations", rank, default: 1, least: 1)
    let pads = try call.extents("pads", 2 * rank, default: 0, least: 0)
    var (before, after) = (Array(pads[..<rank]), Array(pads[rank...]))
    let roundsUp = isPooling ? try call.flag("ceil_mode") : false
    let mode = try call.text("auto_pad", default: "NOTSET")
    var output: [Int] = []
    for axis in 0..<rank {
      let span = (kernel[axis] - 1) * dilations[axis] + 1
      switch mode {
      case "SAME_UPPER", "SAME_LOWER":
        let extent = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (extent - 1) * strides[axis] + span - input[axis])
        before[axis] = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        after[axis] = total - before[axis]
        output.append(extent)
      case "VALID", "NOTSET", "":
        if mode == "VALID" { (before[axis], after[axis]) = (0, 0) }
        let room = input[axis] + before[axis] + after[axis] - span
        guard room >= 0 else {
          throw Problem("a window over \(span) elements does not fit into \(input[axis]), axis \(axis) in space")
        }
        var extent = (room + (roundsUp ? strides[axis] - 1 : 0)) / strides[axis] + 1
        // No window begins behind the input.
        if roundsUp, (extent - 1) * strides[axis] >= input[axis] + before[axis] { extent -= 1 }
        output.append(extent)
      default: throw Problem("attribute 'auto_pad' is '\(mode)', which is not known")
      }
    }
    (self.input, self.kernel, self.strides, self.dilations) = (input, kernel, strides, dilations)
    (self.before, self.after, self.output) = (before, after, output)
    _ = try call.count(output)
    _ = try call.count(kernel)
  }

  /// Of which output elements along an axis an element of the kernel lies on the input.
  func outputs(axis: Int, kernelIndex: Int) -> Range<Int> {
    let shift = kernelIndex * dilations[axis] - before[axis]
    let first = shift >= 0 ? 0 : (-shift + strides[axis] - 1) / strides[axis]
    let last = input[axis] - 1 - shift
    let end = last < 0 ? 0 : min(last / strides[axis] + 1, output[axis])
    return first..<max(first, end)
  }

  /// The places of the input, in row-major order of space, under the window at an output's coordinates; and how many
  /// elements of the window lie on input or padding.
  func places(at coordinates: [Int]) -> (places: [Int], counted: Int) {
    var places = [0]
    var counted = 1
    for axis in input.indices {
      let start = coordinates[axis] * strides[axis] - before[axis]
      var onAxis: [Int] = []
      var inside = 0
      for index in 0..<kernel[axis] {
        let at = start + index * dilations[axis]
        if at < input[axis] + after[axis] { inside += 1 }
        if at >= 0, at < input[axis] { onAxis.append(at) }
      }
      counted *= inside
      places = places.flatMap { place in onAxis.map { place * input[axis] + $0 } }
    }
    return (places, counted)
  }
}
