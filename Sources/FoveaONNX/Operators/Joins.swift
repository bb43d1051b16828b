// Several tensors to one, and one to several.
extension ONNXOperators {
  static let joins: [ONNXOperator] = [
    .one("Concat") { call in
      try join(try call.tensors(), axis: call.int("axis", default: 1), call)
    },
    .several("Split") { call in
      let input = try call.tensor(0)
      let axis = try call.axis(call.int("axis", default: 0), rank: input.rank)
      let given = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("split")
      let parts = try call.int("num_outputs") ?? call.outputCount
      return try split(input, axis: axis, sizes: try given ?? equalParts(input.dimensions[axis], parts, call))
    },
  ]

  static func join(_ parts: [ONNXTensor], axis: Int, _ call: ONNXCall) throws -> ONNXTensor {
    guard let first = parts.first else { throw Problem("there is nothing to join") }
    let axis = try call.axis(axis, rank: first.rank)
    var target = first.dimensions
    target[axis] = 0
    for part in parts {
      var rest = part.dimensions
      if part.rank == first.rank { rest[axis] = first.dimensions[axis] }
      guard rest == first.dimensions, part.type == first.type else {
        throw Problem(
          "\(first.type.name)\(first.dimensions) and \(part.type.name)\(part.dimensions) do not go together along axis \(axis)"
        )
      }
      target[axis] += part.dimensions[axis]
    }
    _ = try call.count(target)
    return .joining(parts, axis: axis)
  }

  private static func equalParts(_ extent: Int, _ parts: Int, _ call: ONNXCall) throws -> [Int] {
    guard parts > 0 else { throw Problem("\(parts) parts of an extent of \(extent)") }
    _ = try call.count([parts])
    // The last may be smaller.
    let size = (extent + parts - 1) / parts
    return (0..<parts).map { max(0, min(size, extent - $0 * size)) }
  }

  static func split(_ input: ONNXTensor, axis: Int, sizes: [Int]) throws -> [ONNXTensor] {
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == input.dimensions[axis] else {
      throw Problem("parts of \(sizes) do not make up axis \(axis) of \(input.dimensions)")
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return input.slice(axis: axis, start: start, count: size)
    }
  }
}
