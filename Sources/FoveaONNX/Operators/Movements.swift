// The same elements in other places.
extension ONNXOperators {
  static let movements: [ONNXOperator] = [
    .one("Transpose") { call in
      let input = try call.tensor(0)
      let order = try call.ints("perm") ?? (0..<input.rank).reversed()
      guard order.sorted() == Array(0..<input.rank) else {
        throw Problem("attribute 'perm' must have each axis of \(input.dimensions) once, but is \(order)")
      }
      return input.transposed(order)
    },
    .one("Expand") { call in
      let input = try call.tensor(0)
      let target = try Strides.broadcast([input.dimensions, try call.ints(at: 1)])
      _ = try call.count(target)
      return input.broadcast(to: target)
    },
    .one("Tile") { call in
      let input = try call.tensor(0)
      let repeats = try call.ints(at: 1)
      guard repeats.count == input.rank, repeats.allSatisfy({ $0 >= 0 }) else {
        throw Problem("repeats \(repeats) do not go with \(input.dimensions)")
      }
      // Each axis as two, of which the first is read again and again.
      let strides = Strides.plain(input.dimensions)
      let target = zip(input.dimensions, repeats).map { $0 * $1 }
      _ = try call.count(target)
      let pairs = zip(repeats, input.dimensions).flatMap { [$0, $1] }
      return input.picking(Strides.places(pairs, strides.flatMap { [0, $0] }), target)
    },
    .one("DepthToSpace") { call in
      let input = try call.tensor(0, rank: 4)
      let size = try call.int("blocksize", default: 0)
      let d = input.dimensions
      guard size > 0, size < 1 << 15, d[1] % (size * size) == 0 else {
        throw Problem("\(d[1]) channels are not so many blocks of \(size) × \(size)")
      }
      let channels = d[1] / (size * size)
      let target = [d[0], channels, d[2] * size, d[3] * size]
      _ = try call.count(target)
      switch try call.text("mode", default: "DCR") {
      case "DCR":
        return input.reshaped([d[0], size, size, channels, d[2], d[3]]).transposed([0, 3, 4, 1, 5, 2]).reshaped(target)
      case "CRD":
        return input.reshaped([d[0], channels, size, size, d[2], d[3]]).transposed([0, 1, 4, 2, 5, 3]).reshaped(target)
      case let other: throw Problem("attribute 'mode' must be DCR or CRD, but is '\(other)'")
      }
    },
    .one("SpaceToDepth") { call in
      let input = try call.tensor(0, rank: 4)
      let size = try call.int("blocksize", default: 0)
      let d = input.dimensions
      guard size > 0, size < 1 << 15, d[2] % size == 0, d[3] % size == 0 else {
        throw Problem("\(d) is not made of blocks of \(size) × \(size)")
      }
      let blocks = input.reshaped([d[0], d[1], d[2] / size, size, d[3] / size, size]).transposed([0, 3, 5, 1, 2, 4])
      return blocks.reshaped([d[0], d[1] * size * size, d[2] / size, d[3] / size])
    },
    .one("ReverseSequence") { call in
      let input = try call.tensor(0)
      guard input.rank >= 2 else { throw Problem("it takes two axes at least, but gets \(input.dimensions)") }
      let batch = try call.axis(call.int("batch_axis", default: 1), rank: input.rank)
      let time = try call.axis(call.int("time_axis", default: 0), rank: input.rank)
      let lengths = try call.ints(at: 1)
      guard lengths.count == input.dimensions[batch],
        lengths.allSatisfy({ $0 >= 0 && $0 <= input.dimensions[time] })
      else { throw Problem("lengths \(lengths) do not go with \(input.dimensions)") }
      let strides = Strides.plain(input.dimensions)
      var places: [Int] = []
      Strides.eachCoordinate(input.dimensions) { at in
        var place = zip(at, strides).reduce(0) { $0 + $1.0 * $1.1 }
        let length = lengths[at[batch]]
        if at[time] < length { place += (length - 1 - 2 * at[time]) * strides[time] }
        places.append(place)
      }
      return input.picking(places, input.dimensions)
    },
    .one("CenterCropPad") { call in
      var result = try call.tensor(0)
      let wanted = try call.ints(at: 1)
      let axes = try call.axes(call.ints("axes") ?? Array(0..<result.rank), rank: result.rank)
      guard axes.count == wanted.count, wanted.allSatisfy({ $0 >= 0 }) else {
        throw Problem("shape \(wanted) is not for axes \(axes)")
      }
      for (axis, extent) in zip(axes, wanted) {
        let there = result.dimensions[axis]
        if extent < there {
          result = result.slice(axis: axis, start: (there - extent) / 2, count: extent)
        } else if extent > there {
          var dimensions = result.dimensions
          dimensions[axis] = extent
          _ = try call.count(dimensions)
          let inner = dimensions[(axis + 1)...].reduce(1, *)
          let before = (extent - there) / 2
          let places = (0..<dimensions.reduce(1, *)).map { place -> Int in
            let at = place / inner % extent - before
            guard at >= 0, at < there else { return -1 }
            return (place / (inner * extent) * there + at) * inner + place % inner
          }
          result = result.picking(places, dimensions)
        }
      }
      return result
    },
  ]
}
