// Convolutions over one to three axes, and their transposes.
extension ONNXOperators {
  static let convolutions: [ONNXOperator] = [
    .one("Conv") { call in
      let (input, weights) = (try call.tensor(0), try call.tensor(1))
      guard input.type == weights.type, input.type.isFloat else {
        throw Problem("it takes floats of one type, but gets \(input.type.name) and \(weights.type.name)")
      }
      let convolution = try Convolution(call, input: input.dimensions, weights: weights.dimensions)
      let bias = try call.optionalTensor(2)
      guard bias.map({ $0.dimensions == [convolution.outputChannels] }) ?? true else {
        throw Problem("a bias of \(bias?.dimensions ?? []) for \(convolution.outputChannels) channels")
      }
      if input.type == .float32 {
        let result = convolution.forward(input.floats, weights.floats, bias: bias?.numbers)
        return ONNXTensor(result, convolution.target)
      }
      let result = convolution.forward(input.numbers, weights.numbers, bias: bias?.numbers)
      return .make(input.type, numbers: result, convolution.target)
    },
    .one("ConvTranspose") { call in
      let (input, weights) = (try call.tensor(0), try call.tensor(1))
      guard input.type == weights.type, input.type.isFloat else {
        throw Problem("it takes floats of one type, but gets \(input.type.name) and \(weights.type.name)")
      }
      return try TransposedConvolution(call, input: input.dimensions, weights: weights.dimensions)
        .forward(input, weights, bias: try call.optionalTensor(2))
    },
  ]
}

struct Convolution {
  let window: Window
  let batch: Int
  let groups: Int
  let inputChannels: Int
  let outputChannels: Int
  var target: [Int] { [batch, outputChannels] + window.output }

  init(_ call: ONNXCall, input: [Int], weights: [Int]) throws {
    guard (3...5).contains(input.count), weights.count == input.count else {
      throw Problem(
        "weights of \(weights) do not go with an input of \(input); one to three axes in space are supported")
    }
    groups = try call.int("group", default: 1)
    (batch, inputChannels, outputChannels) = (input[0], input[1], weights[0])
    guard groups > 0, outputChannels % groups == 0, weights[1] <= inputChannels, weights[1] * groups == inputChannels
    else {
      throw Problem("weights of \(weights) in \(groups) groups do not go with an input of \(input)")
    }
    window = try Window(call, input: Array(input[2...]), kernel: Array(weights[2...]))
    let count = try call.count([batch, outputChannels] + window.output)
    try call.work(count, try call.count(window.kernel), weights[1])
  }

  /// Sums are kept as doubles.
  func forward<T: BinaryFloatingPoint>(_ input: [T], _ weights: [T], bias: [Double]?) -> [T] {
    // Fewer axes are three, the first of extent 1.
    let missing = 3 - window.input.count
    func three(_ extents: [Int]) -> [Int] { Array(repeating: 1, count: missing) + extents }
    let (source, kernel, output) = (three(window.input), three(window.kernel), three(window.output))
    let (inputSize, outputSize) = (source.reduce(1, *), output.reduce(1, *))
    let kernelSize = kernel.reduce(1, *)
    let perGroup = (input: inputChannels / groups, output: outputChannels / groups)
    var ranges: [[Range<Int>]] = []
    for axis in 0..<3 {
      ranges.append(
        (0..<kernel[axis]).map { axis < missing ? 0..<1 : window.outputs(axis: axis - missing, kernelIndex: $0) })
    }
    func shift(_ axis: Int, _ index: Int) -> (stride: Int, offset: Int) {
      guard axis >= missing else { return (0, 0) }
      let axis = axis - missing
      return (window.strides[axis], index * window.dilations[axis] - window.before[axis])
    }
    var result: [T] = []
    result.reserveCapacity(batch * outputChannels * outputSize)
    var sums = Array(repeating: 0.0, count: outputSize)
    for example in 0..<batch {
      for filter in 0..<outputChannels {
        let start = bias?[filter] ?? 0
        for place in 0..<outputSize { sums[place] = start }
        for channel in 0..<perGroup.input {
          let plane = (example * inputChannels + filter / perGroup.output * perGroup.input + channel) * inputSize
          let taps = (filter * perGroup.input + channel) * kernelSize
          for (z, zs) in ranges[0].enumerated() {
            let depth = shift(0, z)
            for (y, ys) in ranges[1].enumerated() {
              let height = shift(1, y)
              for (x, xs) in ranges[2].enumerated() {
                let weight = Double(weights[taps + (z * kernel[1] + y) * kernel[2] + x])
                let width = shift(2, x)
                for depthAt in zs {
                  for rowAt in ys {
                    let row =
                      ((depthAt * depth.stride + depth.offset) * source[1] + rowAt * height.stride + height.offset)
                      * source[2] + width.offset + plane
                    let target = (depthAt * output[1] + rowAt) * output[2]
                    for column in xs {
                      sums[target + column] += weight * Double(input[row + column * width.stride])
                    }
                  }
                }
              }
            }
          }
        }
        for sum in sums { result.append(T(sum)) }
      }
    }
    return result
  }
}

struct TransposedConvolution {
  let batch: Int
  let groups: Int
  let channels: Int
  let filters: Int
  let input: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  let before: [Int]
  let output: [Int]

  init(_ call: ONNXCall, input given: [Int], weights: [Int]) throws {
    guard (3...5).contains(given.count), weights.count == given.count else {
      throw Problem(
        "weights of \(weights) do not go with an input of \(given); one to three axes in space are supported")
    }
    groups = try call.int("group", default: 1)
    (batch, channels) = (given[0], given[1])
    guard groups > 0, weights[0] == channels, channels % groups == 0 else {
      throw Problem("weights of \(weights) in \(groups) groups do not go with an input of \(given)")
    }
    _ = try call.count([weights[1], groups])
    filters = weights[1] * groups
    (input, kernel) = (Array(given[2...]), Array(weights[2...]))
    let rank = input.count
    // Each move of an element by a tap of the kernel is kept.
    _ = try call.count(input + kernel)
    guard (input + kernel).allSatisfy({ $0 < 1 << 30 }) else {
      throw Problem("an input of \(given) and weights of \(weights) are too large")
    }
    strides = try call.extents("strides", rank, default: 1, least: 1)
    dilations = try call.extents("dilations", rank, default: 1, least: 1)
    let extra = try call.extents("output_padding", rank, default: 0, least: 0)
    let pads = try call.extents("pads", 2 * rank, default: 0, least: -(1 << 31))
    let wanted = try call.ints("output_shape")
    let mode = try call.text("auto_pad", default: "NOTSET")
    var (before, output): ([Int], [Int]) = ([], [])
    for axis in 0..<rank {
      let full = strides[axis] * (input[axis] - 1) + extra[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      var extent = full - pads[axis] - pads[rank + axis]
      var start = pads[axis]
      let target: Int? =
        if let wanted {
          wanted.count >= rank ? wanted[wanted.count - rank + axis] : nil
        } else {
          mode.hasPrefix("SAME") ? input[axis] * strides[axis] : nil
        }
      if let target {
        let total = max(full - target, 0)
        start = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        extent = target
      }
      before.append(start)
      output.append(extent)
    }
    (self.before, self.output) = (before, output)
    _ = try call.count([batch, filters] + output)
    try call.work(try call.count(given), weights[1], try call.count(kernel))
  }

  func forward(_ tensor: ONNXTensor, _ weights: ONNXTensor, bias: ONNXTensor?) throws -> ONNXTensor {
    let target = [batch, filters] + output
    guard bias.map({ $0.dimensions == [filters] }) ?? true else {
      throw Problem("a bias of \(bias?.dimensions ?? []) for \(filters) channels")
    }
    let (source, taps) = (tensor.numbers, weights.numbers)
    let (inputSize, outputSize, kernelSize) = (input.reduce(1, *), output.reduce(1, *), kernel.reduce(1, *))
    var sums: [Double] = []
    let biases = bias?.numbers ?? Array(repeating: 0, count: filters)
    for _ in 0..<batch { for filter in 0..<filters { sums += Array(repeating: biases[filter], count: outputSize) } }
    let perGroup = (input: channels / groups, output: filters / groups)
    // The same for all channels: which element goes where by which tap.
    var moves: [(from: Int, tap: Int, to: Int)] = []
    var from = 0
    Strides.eachCoordinate(input) { at in
      var tap = 0
      Strides.eachCoordinate(kernel) { offset in
        var place = 0
        for axis in at.indices {
          let position = at[axis] * strides[axis] + offset[axis] * dilations[axis] - before[axis]
          guard position >= 0, position < output[axis] else {
            place = -1
            break
          }
          place = place * output[axis] + position
        }
        if place >= 0 { moves.append((from, tap, place)) }
        tap += 1
      }
      from += 1
    }
    for example in 0..<batch {
      for channel in 0..<channels {
        let plane = (example * channels + channel) * inputSize
        for index in 0..<perGroup.output {
          let filter = channel / perGroup.input * perGroup.output + index
          let (result, first) = (
            (example * filters + filter) * outputSize, (channel * perGroup.output + index) * kernelSize
          )
          for move in moves { sums[result + move.to] += source[plane + move.from] * taps[first + move.tap] }
        }
      }
    }
    return .make(tensor.type, numbers: sums, target)
  }
}
