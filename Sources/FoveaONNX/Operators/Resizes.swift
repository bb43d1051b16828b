// More or fewer elements along axes, by what lies between the old ones.
extension ONNXOperators {
  static let resizes: [ONNXOperator] = [
    .one("Resize") { call in
      let input = try call.tensor(0)
      // Operator set 10 has scales in place of the region.
      let isOld = call.version < 11
      let region = isOld ? nil : try call.optionalTensor(1)?.numbers
      let scales = try call.optionalTensor(isOld ? 1 : 2)?.numbers
      let sizes = isOld || !call.isGiven(3) ? nil : try call.ints(at: 3)
      return try Resizing(
        call, input, scales: scales ?? [], sizes: sizes ?? [], region: region ?? [],
        coordinates: try call.text("coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel"),
        nearest: try call.text("nearest_mode", default: isOld ? "floor" : "round_prefer_floor")
      ).resized(input)
    },
    .one("Upsample") { call in
      let input = try call.tensor(0)
      let scales = call.isGiven(1) ? try call.tensor(1).numbers : try call.floats("scales")?.map { Double($0) } ?? []
      return try Resizing(
        call, input, scales: scales, sizes: [], region: [], coordinates: "asymmetric", nearest: "floor"
      ).resized(input)
    },
  ]
}

/// One axis after the other: each output element is a sum of some of the input's, with weights.
private struct Resizing {
  private struct Axis {
    let axis: Int
    let output: Int
    /// Nil where the element is outside of the region.
    let taps: [[(place: Int, weight: Double)]?]
  }

  private var axes: [Axis] = []
  private let filler: Double
  private let picks: Bool

  init(
    _ call: ONNXCall, _ input: ONNXTensor, scales: [Double], sizes: [Int], region: [Double], coordinates: String,
    nearest: String
  ) throws {
    let rank = input.rank
    let chosen = try call.axes(call.ints("axes") ?? Array(0..<rank), rank: rank)
    filler = try call.float("extrapolation_value", default: 0)
    let mode = try call.text("mode", default: "nearest")
    picks = mode == "nearest"
    guard sizes.isEmpty ? scales.count == chosen.count : sizes.count == chosen.count else {
      throw Problem("\(scales.count) scales or \(sizes.count) sizes for \(chosen.count) axes")
    }
    guard scales.allSatisfy({ $0 > 0 && $0 < 1e6 }), input.count > 0 else {
      throw Problem("scales of \(scales) for \(input.dimensions)")
    }
    let policy = try call.text("keep_aspect_ratio_policy", default: "stretch")
    let ratios = zip(sizes, chosen).map { Double($0) / Double(input.dimensions[$1]) }
    let common: Double? =
      switch policy {
      case "stretch": nil
      case "not_larger": ratios.min()
      case "not_smaller": ratios.max()
      default: throw Problem("attribute 'keep_aspect_ratio_policy' is '\(policy)', which is not known")
      }
    var target = input.dimensions
    var plan: [(axis: Int, scale: Double)] = []
    for (index, axis) in chosen.enumerated() {
      let extent = Double(input.dimensions[axis])
      if sizes.isEmpty {
        target[axis] = Int((scales[index] * extent).rounded(.down))
        plan.append((axis, scales[index]))
      } else if let common {
        target[axis] = Int((common * extent + 0.5).rounded(.down))
        plan.append((axis, common))
      } else {
        target[axis] = sizes[index]
        plan.append((axis, Double(sizes[index]) / extent))
      }
    }
    // One axis after the other: what is between may be larger than both ends.
    var between = input.dimensions
    for (axis, _) in plan {
      between[axis] = target[axis]
      _ = try call.count(between)
    }
    for (index, (axis, scale)) in plan.enumerated() {
      guard scale > 0 else { throw Problem("an output of \(target)") }
      var range = (0.0, 1.0)
      if coordinates == "tf_crop_and_resize" {
        guard region.count == 2 * chosen.count else { throw Problem("a region of \(region.count) numbers") }
        range = (region[index], region[chosen.count + index])
      }
      let mapping = Coordinates(
        mode: coordinates, input: input.dimensions[axis], output: target[axis], scale: scale, region: range)
      // Where nothing changes, there is nothing to compute.
      if target[axis] == input.dimensions[axis], scale == 1, coordinates != "tf_crop_and_resize" { continue }
      let taps = try (0..<target[axis]).map { index -> [(place: Int, weight: Double)]? in
        guard let place = try mapping.place(index) else { return nil }
        guard place.isFinite, place.magnitude < 1e12 else { throw Problem("a coordinate of \(place)") }
        switch mode {
        case "nearest":
          return [(max(0, min(try Self.nearest(place, nearest), mapping.input - 1)), 1)]
        case "linear", "cubic":
          return try Self.taps(place, mapping, isCubic: mode == "cubic", call)
        default: throw Problem("attribute 'mode' is '\(mode)', which is not known")
        }
      }
      axes.append(Axis(axis: axis, output: target[axis], taps: taps))
    }
  }

  private static func nearest(_ place: Double, _ mode: String) throws -> Int {
    switch mode {
    case "round_prefer_floor": Int((place - 0.5).rounded(.up))
    case "round_prefer_ceil": Int((place + 0.5).rounded(.down))
    case "floor": Int(place.rounded(.down))
    case "ceil": Int(place.rounded(.up))
    default: throw Problem("attribute 'nearest_mode' is '\(mode)', which is not known")
    }
  }

  private static func taps(
    _ place: Double, _ mapping: Coordinates, isCubic: Bool, _ call: ONNXCall
  ) throws -> [(place: Int, weight: Double)] {
    let antialias = try call.flag("antialias")
    let a = try call.float("cubic_coeff_a", default: -0.75)
    // Fewer elements: the filter is as much wider.
    let scale = antialias ? min(mapping.scale, 1) : 1
    let reach = (isCubic ? 2 : 1) / scale
    guard reach < 1e6 else { throw Problem("a scale of \(mapping.scale)") }
    let first = Int((place - reach).rounded(.down)) + 1
    let last = max(first, Int((place + reach).rounded(.up)) - 1)
    func weight(_ distance: Double) -> Double {
      let x = distance.magnitude * scale
      guard isCubic else { return max(0, 1 - x) }
      if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
    var taps = (first...last).map { (place: $0, weight: weight(Double($0) - place)) }
    if try call.flag("exclude_outside") { taps = taps.filter { $0.place >= 0 && $0.place < mapping.input } }
    let sum = taps.reduce(0) { $0 + $1.weight }
    guard sum != 0 else { return [(max(0, min(Int(place.rounded()), mapping.input - 1)), 1)] }
    return taps.map { (max(0, min($0.place, mapping.input - 1)), $0.weight / sum) }
  }

  func resized(_ input: ONNXTensor) throws -> ONNXTensor {
    guard !picks else {
      var result = input
      for axis in axes { result = picked(result, axis) }
      return result
    }
    guard input.type != .string, input.type != .bool else { throw Problem("it does not take \(input.type.name)") }
    var (numbers, dimensions) = (input.numbers, input.dimensions)
    for axis in axes {
      let (extent, inner) = (dimensions[axis.axis], dimensions[(axis.axis + 1)...].reduce(1, *))
      let outer = dimensions[..<axis.axis].reduce(1, *)
      var result: [Double] = []
      result.reserveCapacity(outer * axis.output * inner)
      for row in 0..<outer {
        for taps in axis.taps {
          for column in 0..<inner {
            let sum = taps?.reduce(0) { $0 + numbers[(row * extent + $1.place) * inner + column] * $1.weight }
            // What was outside along an earlier axis stays so, since all its neighbors are.
            result.append(sum ?? filler)
          }
        }
      }
      numbers = result
      dimensions[axis.axis] = axis.output
    }
    if input.type.isInteger { numbers = numbers.map { $0.rounded(.toNearestOrEven) } }
    return .make(input.type, numbers: numbers, dimensions)
  }

  private func picked(_ input: ONNXTensor, _ axis: Axis) -> ONNXTensor {
    var dimensions = input.dimensions
    dimensions[axis.axis] = axis.output
    let (extent, inner) = (input.dimensions[axis.axis], dimensions[(axis.axis + 1)...].reduce(1, *))
    var places: [Int] = []
    for row in 0..<dimensions[..<axis.axis].reduce(1, *) {
      for taps in axis.taps {
        let start = taps.map { (row * extent + $0[0].place) * inner } ?? -1
        places += (0..<inner).map { start < 0 ? -1 : start + $0 }
      }
    }
    return input.picking(places, dimensions, filler: .make(input.type, repeating: filler, []))
  }
}

/// Where an output element lies among the input's, along one axis.
private struct Coordinates {
  let mode: String
  let input: Int
  let output: Int
  let scale: Double
  let region: (start: Double, end: Double)

  /// Nil outside of the region.
  func place(_ index: Int) throws -> Double? {
    let (x, extent, exact) = (Double(index), Double(input), scale * Double(input))
    switch mode {
    case "half_pixel": return (x + 0.5) / scale - 0.5
    case "half_pixel_symmetric":
      return extent / 2 * (1 - Double(output) / exact) + (x + 0.5) / scale - 0.5
    case "pytorch_half_pixel": return output == 1 ? -0.5 : (x + 0.5) / scale - 0.5
    case "align_corners": return exact == 1 ? 0 : x * (extent - 1) / (exact - 1)
    case "asymmetric": return x / scale
    case "tf_half_pixel_for_nn": return (x + 0.5) / scale
    case "tf_crop_and_resize":
      let width = (region.end - region.start) * (extent - 1)
      let place = region.start * (extent - 1) + (exact == 1 ? width / 2 : x * width / (exact - 1))
      return place < 0 || place > extent - 1 ? nil : place
    default: throw Problem("attribute 'coordinate_transformation_mode' is '\(mode)', which is not known")
    }
  }
}
