// Tensors of one value, of a series, and the like.
extension ONNXOperators {
  static let constants: [ONNXOperator] = [
    .one("Constant") { call in
      if let value = try call.tensor("value") ?? call.tensor("sparse_value") { return value }
      if let value = try call.float("value_float") { return ONNXTensor(scalar: Float(value)) }
      if let values = try call.floats("value_floats") { return ONNXTensor(values, [values.count]) }
      if let value = try call.whole("value_int") { return ONNXTensor(scalar: value) }
      if let values = try call.wholes("value_ints") { return ONNXTensor(values, [values.count]) }
      if let value = try call.text("value_string") { return ONNXTensor(scalar: value) }
      if let values = try call.texts("value_strings") { return ONNXTensor(values, [values.count]) }
      throw Problem("it has no value")
    },
    .one("ConstantOfShape") { call in
      let dimensions = try call.ints(at: 0)
      let count = try call.count(dimensions)
      let value = try call.tensor("value") ?? ONNXTensor([0 as Float], [1])
      guard value.count == 1 else { throw Problem("its value must have one element, but is \(value.dimensions)") }
      return value.picking(Array(repeating: 0, count: count), dimensions)
    },
    .one("Range") { call in
      let (start, limit, delta) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
      guard let first = start.numbers.first, let last = limit.numbers.first, let step = delta.numbers.first, step != 0
      else { throw Problem("it needs a start, a limit, and a step that is not 0") }
      let exact = ((last - first) / step).rounded(.up)
      guard exact < 1e15 else { throw Problem.limit("a range of \(exact) elements") }
      let count = try call.count([exact > 0 ? Int(exact) : 0])
      if start.type.isInteger {
        let (first, step) = (start.wholes[0], delta.wholes[0])
        return .make(start.type, wholes: (0..<count).map { first &+ Int64($0) &* step }, [count])
      }
      return .make(start.type, numbers: (0..<count).map { first + Double($0) * step }, [count])
    },
    .one("EyeLike") { call in
      let input = try call.tensor(0, rank: 2)
      let (rows, columns) = (input.dimensions[0], input.dimensions[1])
      let shift = try call.int("k", default: 0)
      var numbers = Array(repeating: 0.0, count: rows * columns)
      for row in 0..<rows where row + shift >= 0 && row + shift < columns { numbers[row * columns + row + shift] = 1 }
      return .make(try call.elementType("dtype") ?? input.type, numbers: numbers, [rows, columns])
    },
    .one("OneHot") { call in
      let (indices, values) = (try call.tensor(0), try call.tensor(2))
      let depth = try call.int(at: 1)
      guard depth > 0, values.count == 2 else { throw Problem("it needs a depth, and two values") }
      let axis = try call.axis(call.int("axis", default: -1), rank: indices.rank + 1)
      var dimensions = indices.dimensions
      dimensions.insert(depth, at: axis)
      let count = try call.count(dimensions)
      let inner = dimensions[(axis + 1)...].reduce(1, *)
      var places = Array(repeating: 0, count: count)
      for (index, value) in indices.wholes.enumerated() {
        let hot = value < 0 ? value &+ Int64(depth) : value
        guard hot >= 0, hot < depth else { continue }
        places[(index / inner * depth + Int(hot)) * inner + index % inner] = 1
      }
      return values.picking(places, dimensions)
    },
    .one("Trilu") { call in
      let input = try call.tensor(0)
      guard input.rank >= 2 else { throw Problem("it takes matrices, but gets \(input.dimensions)") }
      let shift = call.isGiven(1) ? try call.int(at: 1) : 0
      let isUpper = try call.flag("upper", default: true)
      let (rows, columns) = (input.dimensions[input.rank - 2], input.dimensions[input.rank - 1])
      let places = (0..<input.count).map { place -> Int in
        let (row, column) = (place / columns % rows, place % columns)
        return (isUpper ? column - row >= shift : column - row <= shift) ? place : -1
      }
      return input.picking(places, input.dimensions)
    },
  ]
}
