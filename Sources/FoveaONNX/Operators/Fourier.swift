import Foundation

// Frequencies of signals.
extension ONNXOperators {
  static let fourier: [ONNXOperator] = [
    .one("DFT") { call in
      let input = try call.tensor(0)
      guard input.rank >= 2, let parts = input.dimensions.last, parts == 1 || parts == 2 else {
        throw Problem("its last axis has a real and an imaginary part, but it gets \(input.dimensions)")
      }
      let given = call.isGiven(2) ? try call.int(at: 2) : try call.int("axis", default: call.version < 20 ? 1 : -2)
      let axis = try call.axis(given, rank: input.rank)
      guard axis < input.rank - 1 else { throw Problem("the last axis is none of the signal") }
      let (isInverse, isOneSided) = (try call.flag("inverse"), try call.flag("onesided"))
      let length = call.isGiven(1) ? try call.int(at: 1) : input.dimensions[axis]
      guard length > 0 else { throw Problem("a length of \(length)") }
      let kept = isOneSided ? length / 2 + 1 : length
      var target = input.dimensions
      (target[axis], target[input.rank - 1]) = (kept, 2)
      _ = try call.count(target)
      _ = try call.count([length])
      let (extent, inner) = (input.dimensions[axis], input.dimensions[(axis + 1)..<(input.rank - 1)].reduce(1, *))
      let outer = input.dimensions[..<axis].reduce(1, *)
      try call.work(outer, inner, kept, min(length, extent))
      let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
      let (cosines, sines) = (angles.map(cos), angles.map { isInverse ? sin($0) : -sin($0) })
      let numbers = input.numbers
      var result = Array(repeating: 0.0, count: target.reduce(1, *))
      for row in 0..<outer {
        for column in 0..<inner {
          for frequency in 0..<kept {
            var (real, imaginary) = (0.0, 0.0)
            for time in 0..<min(length, extent) {
              let place = ((row * extent + time) * inner + column) * parts
              let (a, b) = (numbers[place], parts == 2 ? numbers[place + 1] : 0)
              let turn = frequency * time % length
              real += a * cosines[turn] - b * sines[turn]
              imaginary += a * sines[turn] + b * cosines[turn]
            }
            let place = ((row * kept + frequency) * inner + column) * 2
            result[place] = isInverse ? real / Double(length) : real
            result[place + 1] = isInverse ? imaginary / Double(length) : imaginary
          }
        }
      }
      return .make(input.type, numbers: result, target)
    }
  ]
}
