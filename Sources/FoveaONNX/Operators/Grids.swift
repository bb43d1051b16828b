// Elements at places between the elements.
extension ONNXOperators {
  static let grids: [ONNXOperator] = [
    .one("GridSample") { call in
      let (input, grid) = (try call.tensor(0), try call.tensor(1))
      let rank = input.rank - 2
      guard rank >= 1, rank <= 6, grid.rank == input.rank, grid.dimensions[0] == input.dimensions[0],
        grid.dimensions.last == rank
      else { throw Problem("a grid of \(grid.dimensions) does not go with \(input.dimensions)") }
      let space = Array(input.dimensions[2...])
      let target = Array(input.dimensions[..<2]) + grid.dimensions[1...rank]
      let count = try call.count(target)
      guard count > 0 else { return .make(input.type, numbers: [], target) }
      guard space.allSatisfy({ $0 > 0 }) else { throw Problem("there is nothing in \(input.dimensions)") }
      let alignsCorners = try call.flag("align_corners")
      let padding = try call.text("padding_mode", default: "zeros")
      guard ["zeros", "border", "reflection"].contains(padding) else {
        throw Problem("attribute 'padding_mode' is '\(padding)', which is not known")
      }
      let mode = try call.text("mode", default: "linear")
      let axes = space.map { SampledAxis(extent: $0, alignsCorners: alignsCorners, padding: padding) }
      let (numbers, coordinates) = (input.numbers, grid.numbers)
      let (planes, size) = (input.dimensions[1], space.reduce(1, *))
      let points = grid.count / rank / input.dimensions[0]
      var result = Array(repeating: 0.0, count: count)
      for example in 0..<input.dimensions[0] {
        for point in 0..<points {
          let start = (example * points + point) * rank
          // The grid has the innermost axis first.
          var taps: [(place: Int, weight: Double)] = [(0, 1)]
          for axis in 0..<rank {
            let own = try axes[axis].taps(coordinates[start + rank - 1 - axis], mode: mode)
            taps = taps.flatMap { tap in
              own.map { (tap.place * space[axis] + $0.place, tap.weight * $0.weight) }
            }
          }
          for plane in 0..<planes {
            let from = (example * planes + plane) * size
            result[(example * planes + plane) * points + point] = taps.reduce(0) {
              $0 + numbers[from + $1.place] * $1.weight
            }
          }
        }
      }
      return .make(input.type, numbers: result, target)
    },
    .one("AffineGrid") { call in
      let theta = try call.tensor(0, rank: 3)
      let size = try call.ints(at: 1)
      let rank = size.count - 2
      guard rank == 2 || rank == 3, theta.dimensions == [size[0], rank, rank + 1] else {
        throw Problem("a map of \(theta.dimensions) for a size of \(size)")
      }
      let alignsCorners = try call.flag("align_corners")
      let space = Array(size[2...])
      let target = [size[0]] + space + [rank]
      var result: [Double] = []
      result.reserveCapacity(try call.count(target))
      let map = theta.numbers
      for example in 0..<size[0] {
        Strides.eachCoordinate(space) { at in
          // Innermost first, from -1 to 1.
          var point = (0..<rank).reversed().map { axis -> Double in
            let extent = Double(space[axis])
            guard alignsCorners else { return (2 * Double(at[axis]) + 1) / extent - 1 }
            return extent == 1 ? 0 : 2 * Double(at[axis]) / (extent - 1) - 1
          }
          point.append(1)
          for row in 0..<rank {
            let start = (example * rank + row) * (rank + 1)
            result.append(point.indices.reduce(0) { $0 + map[start + $1] * point[$1] })
          }
        }
      }
      return .make(theta.type, numbers: result, target)
    },
  ]
}

/// One axis of what is sampled.
private struct SampledAxis {
  let extent: Int
  let alignsCorners: Bool
  let padding: String

  /// - Parameter normalized: -1 … 1.
  func taps(_ normalized: Double, mode: String) throws -> [(place: Int, weight: Double)] {
    let length = Double(extent)
    var x = alignsCorners ? (normalized + 1) / 2 * (length - 1) : ((normalized + 1) * length - 1) / 2
    guard x.isFinite, x.magnitude < 1e15 else { throw Problem("a grid with a coordinate of \(normalized)") }
    if padding == "border" { x = max(0, min(x, length - 1)) }
    if padding == "reflection" { x = reflected(x) }
    let weights: [(Int, Double)]
    let (floor, rest) = (Int(x.rounded(.down)), x - x.rounded(.down))
    switch mode {
    case "nearest": weights = [(Int(x.rounded(.toNearestOrEven)), 1)]
    case "linear", "bilinear": weights = [(floor, 1 - rest), (floor + 1, rest)]
    case "cubic", "bicubic":
      let a = -0.75
      func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
      func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
      weights = [
        (floor - 1, far(1 + rest)), (floor, near(rest)), (floor + 1, near(1 - rest)), (floor + 2, far(2 - rest)),
      ]
    default: throw Problem("attribute 'mode' is '\(mode)', which is not known")
    }
    return weights.compactMap { place, weight in
      if place >= 0, place < extent { return (place, weight) }
      switch padding {
      case "zeros": return nil
      case "border": return (max(0, min(place, extent - 1)), weight)
      default: return (max(0, min(Int(reflected(Double(place))), extent - 1)), weight)
      }
    }
  }

  private func reflected(_ x: Double) -> Double {
    let low = alignsCorners ? 0 : -0.5
    let range = alignsCorners ? Double(extent) - 1 : Double(extent)
    guard range > 0 else { return 0 }
    let distance = (x - low).magnitude.truncatingRemainder(dividingBy: 2 * range)
    return low + (distance <= range ? distance : 2 * range - distance)
  }
}
