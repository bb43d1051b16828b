// Elements at places that are themselves numbers.
extension ONNXOperators {
  static let gathers: [ONNXOperator] = [
    .one("Gather") { call in
      let (input, indices) = (try call.tensor(0), try call.tensor(1))
      let axis = try call.axis(call.int("axis", default: 0), rank: input.rank)
      let places = try Places.wrapped(indices.wholes, extent: input.dimensions[axis])
      return try .gathering(input, places, axis: axis, indices.dimensions, call)
    },
    .one("GatherElements") { call in
      let (input, indices) = (try call.tensor(0), try call.tensor(1))
      let axis = try call.axis(call.int("axis", default: 0), rank: input.rank)
      return input.picking(try Places.alongAxis(input.dimensions, indices, axis: axis), indices.dimensions)
    },
    .one("GatherND") { call in
      let (input, indices) = (try call.tensor(0), try call.tensor(1))
      let batchAxes = try call.int("batch_dims", default: 0)
      guard batchAxes >= 0, indices.rank > batchAxes, input.rank > batchAxes,
        input.dimensions[..<batchAxes] == indices.dimensions[..<batchAxes], let width = indices.dimensions.last,
        width >= 1, batchAxes + width <= input.rank
      else { throw Problem("indices of \(indices.dimensions) do not go with \(input.dimensions)") }
      let block = input.dimensions[(batchAxes + width)...].reduce(1, *)
      let target = Array(indices.dimensions.dropLast()) + input.dimensions[(batchAxes + width)...]
      let count = try call.count(target)
      let perBatch = indices.dimensions[batchAxes..<(indices.rank - 1)].reduce(1, *)
      let strides = Strides.plain(input.dimensions)
      let batchSize = input.dimensions[batchAxes...].reduce(1, *)
      let wholes = indices.wholes
      var places: [Int] = []
      places.reserveCapacity(count)
      for row in 0..<(count == 0 ? 0 : indices.count / width) {
        var place = row / max(perBatch, 1) * batchSize
        for column in 0..<width {
          let axis = batchAxes + column
          place += try Places.wrapped(wholes[row * width + column], extent: input.dimensions[axis]) * strides[axis]
        }
        places += place..<place + block
      }
      return input.picking(places, target)
    },
  ]
}

/// Where indices lead.
enum Places {
  /// Counted from the front, of one that may be counted from the end.
  static func wrapped(_ index: Int64, extent: Int) throws -> Int {
    guard index >= -Int64(extent), index < Int64(extent) else {
      throw Problem("there is no element \(index) among \(extent)")
    }
    return Int(index < 0 ? index + Int64(extent) : index)
  }

  static func wrapped(_ indices: [Int64], extent: Int) throws -> [Int] {
    try indices.map { try wrapped($0, extent: extent) }
  }

  /// For each element of `indices`: the place in a tensor with the same coordinates, but along one axis.
  static func alongAxis(_ dimensions: [Int], _ indices: ONNXTensor, axis: Int) throws -> [Int] {
    guard indices.rank == dimensions.count,
      indices.dimensions.indices.allSatisfy({ $0 == axis || indices.dimensions[$0] <= dimensions[$0] })
    else { throw Problem("indices of \(indices.dimensions) do not go with \(dimensions)") }
    var strides = Strides.plain(dimensions)
    let step = strides[axis]
    strides[axis] = 0
    return try zip(Strides.places(indices.dimensions, strides), indices.wholes).map { place, index in
      place + (try wrapped(index, extent: dimensions[axis])) * step
    }
  }
}

extension ONNXTensor {
  /// Blocks along an axis.
  ///
  /// - Parameter shape: what stands in the axis's place.
  static func gathering(
    _ input: ONNXTensor, _ indices: [Int], axis: Int, _ shape: [Int], _ call: ONNXCall
  ) throws -> ONNXTensor {
    let target = Array(input.dimensions[..<axis]) + shape + input.dimensions[(axis + 1)...]
    let count = try call.count(target)
    let inner = input.dimensions[(axis + 1)...].reduce(1, *)
    var places: [Int] = []
    places.reserveCapacity(count)
    for outer in 0..<input.dimensions[..<axis].reduce(1, *) {
      for index in indices {
        let start = (outer * input.dimensions[axis] + index) * inner
        places += start..<start + inner
      }
    }
    return input.picking(places, target)
  }
}
