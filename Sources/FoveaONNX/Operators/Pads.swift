// More, or fewer, elements around a tensor.
extension ONNXOperators {
  static let pads: [ONNXOperator] = [
    .one("Pad") { call in
      let input = try call.tensor(0)
      let given = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("pads") ?? call.ints("paddings") ?? []
      let axes = try call.axes(
        call.isGiven(3) ? try call.ints(at: 3) : Array(0..<input.rank), rank: input.rank)
      guard given.count == 2 * axes.count else {
        throw Problem("\(given.count) paddings are given for \(axes.count) axes, which need \(2 * axes.count)")
      }
      var (before, after) = (Array(repeating: 0, count: input.rank), Array(repeating: 0, count: input.rank))
      for (index, axis) in axes.enumerated() {
        (before[axis], after[axis]) = (given[index], given[axes.count + index])
      }
      let filler: ONNXTensor
      if call.version >= 11 {
        filler = try call.optionalTensor(2) ?? .make(input.type, repeating: 0, [])
      } else {
        filler = .make(input.type, repeating: try call.float("value", default: 0), [])
      }
      guard filler.type == input.type, filler.count == 1 else {
        throw Problem("its filler must be one \(input.type.name)")
      }
      let mode = try call.text("mode", default: "constant")
      let target = input.dimensions.indices.map { input.dimensions[$0] + before[$0] + after[$0] }
      _ = try call.count(target)
      // For each axis, where each element comes from; -1 is the filler.
      let sources = try target.indices.map { axis -> [Int] in
        let extent = input.dimensions[axis]
        guard mode == "constant" || extent > 0 || target[axis] == 0 else {
          throw Problem("there is nothing along axis \(axis) to repeat")
        }
        return try (0..<target[axis]).map { try source($0 - before[axis], extent: extent, mode: mode) }
      }
      let strides = Strides.plain(input.dimensions)
      var places: [Int] = []
      Strides.eachCoordinate(target) { at in
        var place = 0
        for axis in at.indices {
          let source = sources[axis][at[axis]]
          guard source >= 0 else {
            place = -1
            break
          }
          place += source * strides[axis]
        }
        places.append(place)
      }
      return input.picking(places, target, filler: filler)
    }
  ]

  private static func source(_ index: Int, extent: Int, mode: String) throws -> Int {
    func modulo(_ value: Int, _ by: Int) -> Int {
      let rest = value % by
      return rest < 0 ? rest + by : rest
    }
    switch mode {
    case "constant": return index >= 0 && index < extent ? index : -1
    case "edge": return max(0, min(index, extent - 1))
    case "wrap": return modulo(index, extent)
    case "reflect":
      guard extent > 1 else { return 0 }
      let place = modulo(index, 2 * extent - 2)
      return place < extent ? place : 2 * extent - 2 - place
    default: throw Problem("attribute 'mode' is '\(mode)', which is not known")
    }
  }
}
