import Foundation

// Numbers moved and scaled by the mean and variance of their neighbors.
extension ONNXOperators {
  static let normalizations: [ONNXOperator] = [
    .several("BatchNormalization", batch),
    .one("InstanceNormalization") { call in
      let input = try call.tensor(0)
      guard input.rank >= 3 else { throw Problem("it goes over axes in space, but gets \(input.dimensions)") }
      return try normalized(call, groups: input.dimensions[1], perGroup: false)
    },
    .one("GroupNormalization") { call in
      // Until operator set 20, scale and bias were each group's, since 21 each channel's.
      try normalized(call, groups: call.int("num_groups", default: 0), perGroup: call.version < 21)
    },
    .several("LayerNormalization", layer),
    .one("RMSNormalization") { call in
      let (input, scale) = (try call.tensor(0), try call.tensor(1))
      let axis = try call.axis(call.int("axis", default: -1), rank: input.rank)
      let epsilon = try call.float("epsilon", default: 1e-5)
      let size = input.dimensions[axis...].reduce(1, *)
      guard try Strides.broadcast([input.dimensions, scale.dimensions]) == input.dimensions else {
        throw Problem("a scale of \(scale.dimensions) for \(input.dimensions)")
      }
      let (numbers, scales) = (input.numbers, scale.broadcast(to: input.dimensions).numbers)
      var result = numbers
      for row in 0..<(size == 0 ? 0 : numbers.count / size) {
        let places = row * size..<(row + 1) * size
        let mean = places.reduce(0) { $0 + numbers[$1] * numbers[$1] } / Double(size)
        for place in places { result[place] = numbers[place] / (mean + epsilon).squareRoot() * scales[place] }
      }
      return .make(scale.type, numbers: result, input.dimensions)
    },
    .one("MeanVarianceNormalization") { call in
      let input = try call.tensor(0)
      let axes = try call.axes(call.ints("axes") ?? [0, 2, 3], rank: input.rank).sorted()
      let numbers = input.numbers
      var result = numbers
      Groups(input.dimensions, axes: axes).each { places in
        let (mean, variance) = moments(places.map { numbers[$0] })
        for place in places { result[place] = (numbers[place] - mean) / (variance.squareRoot() + 1e-9) }
      }
      return .make(input.type, numbers: result, input.dimensions)
    },
    .one("LpNormalization") { call in
      let input = try call.tensor(0)
      let axis = try call.axis(call.int("axis", default: -1), rank: input.rank)
      let p = try call.int("p", default: 2)
      let numbers = input.numbers
      var result = numbers
      Groups(input.dimensions, axes: [axis]).each { places in
        let norm =
          p == 1
          ? places.reduce(0) { $0 + numbers[$1].magnitude }
          : places.reduce(0) { $0 + numbers[$1] * numbers[$1] }.squareRoot()
        for place in places { result[place] = numbers[place] / norm }
      }
      return .make(input.type, numbers: result, input.dimensions)
    },
    .one("LRN") { call in
      let input = try call.tensor(0)
      guard input.rank >= 3 else { throw Problem("it goes over channels, but gets \(input.dimensions)") }
      let size = try call.int("size", default: 1)
      guard size > 0 else { throw Problem("attribute 'size' must be 1 or more, but is \(size)") }
      let (alpha, beta) = (try call.float("alpha", default: 0.0001), try call.float("beta", default: 0.75))
      let bias = try call.float("bias", default: 1)
      let (channels, inner) = (input.dimensions[1], input.dimensions[2...].reduce(1, *))
      let numbers = input.numbers
      try call.work(numbers.count, min(size, max(channels, 1)))
      let result = numbers.indices.map { place -> Double in
        let channel = place / inner % channels
        let first = max(0, channel - (size - 1) / 2)
        let last = min(channels - 1, channel + size / 2)
        var sum = 0.0
        for other in first...max(first, last) {
          let value = numbers[place + (other - channel) * inner]
          sum += value * value
        }
        return numbers[place] / pow(bias + alpha / Double(size) * sum, beta)
      }
      return .make(input.type, numbers: result, input.dimensions)
    },
  ]

  static func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
    let count = Double(max(numbers.count, 1))
    let mean = numbers.reduce(0, +) / count
    return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
  }

  private static func batch(_ call: ONNXCall) throws -> [ONNXTensor] {
    let input = try call.tensor(0)
    guard input.rank >= 2 else { throw Problem("it goes over channels, but gets \(input.dimensions)") }
    guard try call.flag("spatial", default: true) else {
      throw Problem("it has means for each place in space (spatial is 0), which is not supported")
    }
    let (channels, inner) = (input.dimensions[1], input.dimensions[2...].reduce(1, *))
    let factors = try (1...4).map { try call.tensor($0) }
    guard factors.allSatisfy({ $0.dimensions == [channels] }) else {
      throw Problem("scale, bias, mean and variance must each be [\(channels)]")
    }
    let (scale, bias) = (factors[0].numbers, factors[1].numbers)
    var (mean, variance) = (factors[2].numbers, factors[3].numbers)
    let epsilon = try call.float("epsilon", default: 1e-5)
    let momentum = try call.float("momentum", default: 0.9)
    let numbers = input.numbers
    var running: [ONNXTensor] = []
    if try call.flag("training_mode") {
      let axes = input.dimensions.indices.filter { $0 != 1 }
      let found = Groups(input.dimensions, axes: axes).map { moments($0.map { numbers[$0] }) }
      running = [
        .make(
          factors[2].type, numbers: zip(mean, found).map { $0 * momentum + $1.mean * (1 - momentum) }, [channels]),
        .make(
          factors[3].type, numbers: zip(variance, found).map { $0 * momentum + $1.variance * (1 - momentum) },
          [channels]),
      ]
      (mean, variance) = (found.map(\.mean), found.map(\.variance))
    }
    let factor = (0..<channels).map { scale[$0] / (variance[$0] + epsilon).squareRoot() }
    let result = numbers.indices.map { place -> Double in
      let channel = place / inner % channels
      return (numbers[place] - mean[channel]) * factor[channel] + bias[channel]
    }
    return [.make(input.type, numbers: result, input.dimensions)] + running
  }

  private static func normalized(_ call: ONNXCall, groups: Int, perGroup: Bool) throws -> ONNXTensor {
    let (input, scale, bias) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
    guard input.rank >= 2 else { throw Problem("it goes over channels, but gets \(input.dimensions)") }
    let channels = input.dimensions[1]
    guard groups > 0, channels % groups == 0 else { throw Problem("\(channels) channels in \(groups) groups") }
    let expected = [perGroup ? groups : channels]
    guard scale.dimensions == expected, bias.dimensions == expected else {
      throw Problem("scale and bias must be \(expected), but are \(scale.dimensions) and \(bias.dimensions)")
    }
    let epsilon = try call.float("epsilon", default: 1e-5)
    let inner = input.dimensions[2...].reduce(1, *)
    let size = channels / groups * inner
    let (numbers, scales, biases) = (input.numbers, scale.numbers, bias.numbers)
    var result = numbers
    for group in 0..<(size == 0 ? 0 : numbers.count / size) {
      let places = group * size..<(group + 1) * size
      let (mean, variance) = moments(Array(numbers[places]))
      for place in places {
        let channel = place / inner % channels
        let index = perGroup ? channel / (channels / groups) : channel
        result[place] = (numbers[place] - mean) / (variance + epsilon).squareRoot() * scales[index] + biases[index]
      }
    }
    return .make(input.type, numbers: result, input.dimensions)
  }

  private static func layer(_ call: ONNXCall) throws -> [ONNXTensor] {
    let (input, scale) = (try call.tensor(0), try call.tensor(1))
    let bias = try call.optionalTensor(2)
    let axis = try call.axis(call.int("axis", default: -1), rank: input.rank)
    let epsilon = try call.float("epsilon", default: 1e-5)
    let size = input.dimensions[axis...].reduce(1, *)
    for factor in [scale, bias ?? scale] {
      guard try Strides.broadcast([input.dimensions, factor.dimensions]) == input.dimensions else {
        throw Problem("scale or bias of \(factor.dimensions) for \(input.dimensions)")
      }
    }
    let numbers = input.numbers
    let scales = scale.broadcast(to: input.dimensions).numbers
    let biases = bias?.broadcast(to: input.dimensions).numbers
    var result = numbers
    var (means, deviations): ([Double], [Double]) = ([], [])
    for row in 0..<(size == 0 ? 0 : numbers.count / size) {
      let places = row * size..<(row + 1) * size
      let (mean, variance) = moments(Array(numbers[places]))
      let factor = 1 / (variance + epsilon).squareRoot()
      means.append(mean)
      deviations.append(factor)
      for place in places {
        result[place] = (numbers[place] - mean) * factor * scales[place] + (biases?[place] ?? 0)
      }
    }
    let rest = input.dimensions.enumerated().map { $0 < axis ? $1 : 1 }
    let type = try call.elementType("stash_type") ?? .float32
    return [
      .make(input.type, numbers: result, input.dimensions), .make(type, numbers: means, rest),
      .make(type, numbers: deviations, rest),
    ]
  }
}
