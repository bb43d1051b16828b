// Elements put to places that are themselves numbers.
extension ONNXOperators {
  static let scatters: [ONNXOperator] = [
    .one("Scatter", scatterElements),
    .one("ScatterElements", scatterElements),
    .one("ScatterND") { call in
      let (input, indices, updates) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
      guard let width = indices.dimensions.last, width <= input.rank,
        updates.dimensions == Array(indices.dimensions.dropLast()) + input.dimensions[width...]
      else {
        throw Problem("\(updates.dimensions) at indices of \(indices.dimensions) do not go into \(input.dimensions)")
      }
      let block = input.dimensions[width...].reduce(1, *)
      let strides = Strides.plain(input.dimensions)
      let wholes = indices.wholes
      var places: [Int] = []
      for row in 0..<(block == 0 ? 0 : updates.count / block) {
        var place = 0
        for column in 0..<width {
          place += try Places.wrapped(wholes[row * width + column], extent: input.dimensions[column]) * strides[column]
        }
        places += place..<place + block
      }
      return try scattered(input, places, updates, call)
    },
    .one("TensorScatter") { call in
      let (past, update) = (try call.tensor(0), try call.tensor(1))
      let axis = try call.axis(call.int("axis", default: -2), rank: past.rank)
      let starts = try call.optionalTensor(2)?.wholes
      let isCircular = try call.text("mode", default: "linear") == "circular"
      guard axis > 0, update.rank == past.rank, past.type == update.type,
        past.dimensions.indices.allSatisfy({ $0 == axis || past.dimensions[$0] == update.dimensions[$0] }),
        starts.map({ $0.count == past.dimensions[0] }) ?? true
      else { throw Problem("\(update.dimensions) does not go into \(past.dimensions) along axis \(axis)") }
      let strides = Strides.plain(past.dimensions)
      let extent = past.dimensions[axis]
      var places: [Int] = []
      try Strides.eachCoordinate(update.dimensions) { at in
        let start = starts?[at[0]] ?? 0
        guard start >= 0, start < 1 << 40 else { throw Problem("a start of \(start)") }
        var position = Int(start) + at[axis]
        if isCircular { position %= max(extent, 1) }
        guard position < extent else { throw Problem("position \(position) is beyond an extent of \(extent)") }
        places.append(
          at.indices.reduce(0) { $0 + ($1 == axis ? position : at[$1]) * strides[$1] })
      }
      return past.replacing(places, with: update)
    },
  ]

  private static func scatterElements(_ call: ONNXCall) throws -> ONNXTensor {
    let (input, indices, updates) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
    guard updates.dimensions == indices.dimensions else {
      throw Problem("\(updates.dimensions) are not for indices of \(indices.dimensions)")
    }
    let axis = try call.axis(call.int("axis", default: 0), rank: input.rank)
    return try scattered(input, try Places.alongAxis(input.dimensions, indices, axis: axis), updates, call)
  }

  private static func scattered(
    _ input: ONNXTensor, _ places: [Int], _ updates: ONNXTensor, _ call: ONNXCall
  ) throws -> ONNXTensor {
    guard input.type == updates.type else {
      throw Problem("\(updates.type.name) does not go into \(input.type.name)")
    }
    let reduction = try call.text("reduction", default: "none")
    if reduction == "none" { return input.replacing(places, with: updates) }
    if input.type.isInteger {
      var wholes = input.wholes
      let isUnsigned = input.type == .uint64
      for (place, value) in zip(places, updates.wholes) {
        switch reduction {
        case "add": wholes[place] = wholes[place] &+ value
        case "mul": wholes[place] = wholes[place] &* value
        case "max":
          wholes[place] = isUnsigned ? Wholes.unsigned(wholes[place], value, max) : max(wholes[place], value)
        case "min":
          wholes[place] = isUnsigned ? Wholes.unsigned(wholes[place], value, min) : min(wholes[place], value)
        default: throw Problem("attribute 'reduction' is '\(reduction)', which is not known")
        }
      }
      return .make(input.type, wholes: wholes, input.dimensions)
    }
    guard input.type.isFloat else { throw Problem("it does not add elements of type \(input.type.name)") }
    var numbers = input.numbers
    for (place, value) in zip(places, updates.numbers) {
      switch reduction {
      case "add": numbers[place] += value
      case "mul": numbers[place] *= value
      case "max": numbers[place] = Numbers.larger(numbers[place], value)
      case "min": numbers[place] = Numbers.smaller(numbers[place], value)
      default: throw Problem("attribute 'reduction' is '\(reduction)', which is not known")
      }
    }
    return .make(input.type, numbers: numbers, input.dimensions)
  }
}
