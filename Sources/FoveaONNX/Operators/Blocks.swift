// Blocks of space: put back together, and looked at where an offset says.
extension ONNXOperators {
  static let blocks: [ONNXOperator] = [
    .one("Col2Im", assembled),
    .one("DeformConv", deformed),
  ]

  private static func assembled(_ call: ONNXCall) throws -> ONNXTensor {
    let input = try call.tensor(0, rank: 3)
    let (image, block) = (try call.ints(at: 1), try call.ints(at: 2))
    let rank = image.count
    let dilations = try call.extents("dilations", rank, default: 1, least: 1)
    let pads = try call.extents("pads", 2 * rank, default: 0, least: 0)
    let strides = try call.extents("strides", rank, default: 1, least: 1)
    guard block.count == rank, rank > 0, block.allSatisfy({ $0 > 0 }), image.allSatisfy({ $0 > 0 }) else {
      throw Problem("blocks of \(block) in an image of \(image)")
    }
    let size = try call.count(block)
    let steps = (0..<rank).map { axis in
      let room = image[axis] + pads[axis] + pads[rank + axis] - (block[axis] - 1) * dilations[axis] - 1
      return room < 0 ? 0 : room / strides[axis] + 1
    }
    guard input.dimensions[1] % size == 0, try call.count(steps) == input.dimensions[2] else {
      throw Problem("\(input.dimensions) are not \(steps) blocks of \(block)")
    }
    let channels = input.dimensions[1] / size
    let target = [input.dimensions[0], channels] + image
    var result = Array(repeating: 0.0, count: try call.count(target))
    let area = image.reduce(1, *)
    let numbers = input.numbers
    var element = 0
    Strides.eachCoordinate(block) { offset in
      var step = 0
      Strides.eachCoordinate(steps) { at in
        var place = 0
        for axis in 0..<rank {
          let position = at[axis] * strides[axis] - pads[axis] + offset[axis] * dilations[axis]
          guard position >= 0, position < image[axis] else {
            place = -1
            break
          }
          place = place * image[axis] + position
        }
        if place >= 0 {
          for plane in 0..<input.dimensions[0] * channels {
            result[plane * area + place] += numbers[(plane * size + element) * input.dimensions[2] + step]
          }
        }
        step += 1
      }
      element += 1
    }
    return .make(input.type, numbers: result, target)
  }

  private static func deformed(_ call: ONNXCall) throws -> ONNXTensor {
    let (input, weights, offset) = (
      try call.tensor(0, rank: 4), try call.tensor(1, rank: 4), try call.tensor(2, rank: 4)
    )
    let convolution = try Convolution(call, input: input.dimensions, weights: weights.dimensions)
    let window = convolution.window
    let offsetGroups = try call.int("offset_group", default: 1)
    let taps = window.kernel[0] * window.kernel[1]
    let (channels, height, width) = (input.dimensions[1], window.input[0], window.input[1])
    guard offsetGroups > 0, channels % offsetGroups == 0,
      offset.dimensions == [convolution.batch, offsetGroups * taps * 2] + window.output
    else { throw Problem("offsets of \(offset.dimensions) for an output of \(convolution.target)") }
    let mask = try call.optionalTensor(4)
    guard mask.map({ $0.dimensions == [convolution.batch, offsetGroups * taps] + window.output }) ?? true else {
      throw Problem("a mask of \(mask?.dimensions ?? []) for an output of \(convolution.target)")
    }
    let (numbers, factors, shifts, masks) = (input.numbers, weights.numbers, offset.numbers, mask?.numbers)
    guard shifts.allSatisfy({ $0.isFinite && $0.magnitude < 1e9 }) else { throw Problem("offsets are out of range") }
    let bias = try call.optionalTensor(3)?.numbers ?? []
    guard bias.isEmpty || bias.count == convolution.outputChannels else { throw Problem("a bias of \(bias.count)") }
    let (rows, columns) = (window.output[0], window.output[1])
    let perGroup = channels / convolution.groups
    let filters = convolution.outputChannels / convolution.groups
    func value(_ plane: Int, _ y: Int, _ x: Int) -> Double {
      y >= 0 && y < height && x >= 0 && x < width ? numbers[plane + y * width + x] : 0
    }
    var result: [Double] = []
    for example in 0..<convolution.batch {
      for filter in 0..<convolution.outputChannels {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum = bias.isEmpty ? 0 : bias[filter]
            for channel in 0..<perGroup {
              let source = filter / filters * perGroup + channel
              let plane = (example * channels + source) * height * width
              let group = example * offsetGroups + source / (channels / offsetGroups)
              for tap in 0..<taps {
                let place = ((group * taps + tap) * 2 * rows + row) * columns + column
                let y =
                  Double(row * window.strides[0] - window.before[0] + tap / window.kernel[1] * window.dilations[0])
                  + shifts[place]
                let x =
                  Double(column * window.strides[1] - window.before[1] + tap % window.kernel[1] * window.dilations[1])
                  + shifts[place + rows * columns]
                let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
                let (down, across) = (y - Double(top), x - Double(left))
                let between =
                  (value(plane, top, left) * (1 - across) + value(plane, top, left + 1) * across) * (1 - down)
                  + (value(plane, top + 1, left) * (1 - across) + value(plane, top + 1, left + 1) * across) * down
                let seen = masks?[((group * taps + tap) * rows + row) * columns + column] ?? 1
                sum += between * seen * factors[(filter * perGroup + channel) * taps + tap]
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return .make(input.type, numbers: result, convolution.target)
  }
}
