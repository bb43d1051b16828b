// What elements are arranged as; none of them is computed.
extension ONNXOperators {
  static let shapes: [ONNXOperator] = [
    ONNXOperator("Identity") { [try $0.value(0)] },
    .one("Reshape", reshape),
    .one("Flatten") { call in
      let input = try call.tensor(0)
      let given = try call.int("axis", default: 1)
      let axis = given == input.rank ? given : try call.axis(given, rank: max(input.rank, 1))
      return input.reshaped([input.dimensions[..<axis].reduce(1, *), input.dimensions[axis...].reduce(1, *)])
    },
    .one("Squeeze") { call in
      let input = try call.tensor(0)
      let given = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("axes")
      guard let given else { return input.reshaped(input.dimensions.filter { $0 != 1 }) }
      let axes = Set(try call.axes(given, rank: input.rank))
      for axis in axes where input.dimensions[axis] != 1 {
        throw Problem("axis \(axis) of \(input.dimensions) is not of extent 1")
      }
      return input.reshaped(input.dimensions.enumerated().filter { !axes.contains($0.offset) }.map(\.element))
    },
    .one("Unsqueeze") { call in
      let input = try call.tensor(0)
      let given = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("axes") ?? []
      let rank = input.rank + given.count
      let axes = Set(try call.axes(given, rank: rank))
      var rest = input.dimensions.makeIterator()
      return input.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.next() ?? 1 })
    },
    .one("Shape") { call in
      let input = try call.tensor(0)
      func place(_ value: Int) -> Int { max(0, min(value < 0 ? value + input.rank : value, input.rank)) }
      let start = place(try call.int("start", default: 0))
      let end = place(try call.int("end", default: input.rank))
      let extents = start < end ? input.dimensions[start..<end].map { Int64($0) } : []
      return ONNXTensor(extents, [extents.count])
    },
    .one("Size") { ONNXTensor(scalar: Int64(try $0.tensor(0).count)) },
    .several("Dropout") { call in
      let input = try call.tensor(0)
      if try call.optionalTensor(2)?.elements(of: Bool.self).first == true,
        try call.optionalTensor(1)?.numbers.first ?? 0.5 != 0
      {
        throw Problem("it is to drop at random, as in training, which is not supported")
      }
      let mask = ONNXTensor.make(call.version < 10 ? input.type : .bool, repeating: 1, input.dimensions)
      return [input, mask]
    },
  ]

  private static func reshape(_ call: ONNXCall) throws -> ONNXTensor {
    let input = try call.tensor(0)
    let wanted = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("shape") ?? []
    let keepsZero = try call.flag("allowzero")
    var target = try wanted.enumerated().map { axis, extent -> Int in
      guard extent == 0, !keepsZero else { return extent }
      guard axis < input.rank else { throw Problem("shape \(wanted) copies axis \(axis) of \(input.dimensions)") }
      return input.dimensions[axis]
    }
    let open = target.indices.filter { target[$0] == -1 }
    guard open.count <= 1, target.allSatisfy({ $0 >= -1 }) else { throw Problem("there is no shape \(wanted)") }
    let rest = try call.count(target.filter { $0 != -1 })
    if let open = open.first {
      guard rest > 0 ? input.count % rest == 0 : input.count == 0 else {
        throw Problem("\(input.dimensions) cannot become \(wanted)")
      }
      target[open] = rest > 0 ? input.count / rest : 0
    }
    guard try call.count(target) == input.count else { throw Problem("\(input.dimensions) cannot become \(wanted)") }
    return input.reshaped(target)
  }
}
