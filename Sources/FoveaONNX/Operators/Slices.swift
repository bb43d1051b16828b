// Parts of a tensor, by ranges and by flags.
extension ONNXOperators {
  static let slices: [ONNXOperator] = [
    .one("Slice", slice),
    .one("Compress") { call in
      let input = try call.tensor(0)
      let flags = try call.tensor(1).elements(of: Bool.self)
      let axis = try call.int("axis").map { try call.axis($0, rank: input.rank) }
      let source = axis == nil ? input.reshaped([input.count]) : input
      let kept = flags.indices.filter { flags[$0] }
      guard kept.allSatisfy({ $0 < source.dimensions[axis ?? 0] }) else {
        throw Problem("\(flags.count) flags for \(source.dimensions[axis ?? 0]) elements")
      }
      return try ONNXTensor.gathering(source, kept, axis: axis ?? 0, [kept.count], call)
    },
  ]

  private static func slice(_ call: ONNXCall) throws -> ONNXTensor {
    let input = try call.tensor(0)
    let isOld = call.version < 10 || !call.isGiven(1)
    guard let starts = isOld ? try call.wholes("starts") : try call.tensor(1).wholes,
      let ends = isOld ? try call.wholes("ends") : try call.tensor(2).wholes
    else { throw Problem("it has no starts or no ends") }
    let axes: [Int]
    if isOld {
      axes = try call.ints("axes") ?? Array(starts.indices)
    } else {
      axes = call.isGiven(3) ? try call.ints(at: 3) : Array(starts.indices)
    }
    let steps = try call.optionalTensor(4)?.wholes ?? starts.map { _ in 1 }
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
      throw Problem("starts, ends, axes and steps are not of one length")
    }
    var (dimensions, offset) = (input.dimensions, 0)
    let plain = Strides.plain(input.dimensions)
    var strides = plain
    for (index, axis) in try call.axes(axes, rank: input.rank).enumerated() {
      let extent = Int64(input.dimensions[axis])
      // A step beyond the tensor takes its first element only, as does the largest that is not.
      let step = max(-extent - 1, min(steps[index], extent + 1))
      guard step != 0 else { throw Problem("a step of 0") }
      guard extent > 0 else { continue }
      func place(_ value: Int64, _ least: Int64, _ most: Int64) -> Int64 {
        max(least, min(value < 0 ? value + extent : value, most))
      }
      let start = step > 0 ? place(starts[index], 0, extent) : place(starts[index], 0, extent - 1)
      let end = step > 0 ? place(ends[index], 0, extent) : place(ends[index], -1, extent - 1)
      let count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step
      dimensions[axis] = Int(max(count, 0))
      if count > 0 { offset += Int(start) * plain[axis] }
      strides[axis] = Int(step) * plain[axis]
    }
    return input.picking(Strides.places(dimensions, strides, offset: offset), dimensions)
  }
}
