// Lists of tensors, and what may be missing.
extension ONNXOperators {
  static let sequences: [ONNXOperator] = [
    ONNXOperator("SequenceEmpty") { _ in [.sequence([])] },
    ONNXOperator("SequenceConstruct") { call in
      [.sequence(try call.inputs.indices.map { .tensor(try call.tensor($0)) })]
    },
    .one("SequenceLength") { ONNXTensor(scalar: Int64(try $0.sequence(0).count)) },
    ONNXOperator("SequenceAt") { call in
      let values = try call.sequence(0)
      return [values[try Places.wrapped(try call.scalar(1), extent: values.count)]]
    },
    ONNXOperator("SequenceInsert") { call in
      var values = try call.sequence(0)
      let place = call.isGiven(2) ? try call.scalar(2) : Int64(values.count)
      let position = place < 0 ? place + Int64(values.count) : place
      guard position >= 0, position <= values.count else {
        throw Problem("there is no place \(place) in a sequence of \(values.count)")
      }
      values.insert(.tensor(try call.tensor(1)), at: Int(position))
      return [.sequence(values)]
    },
    ONNXOperator("SequenceErase") { call in
      var values = try call.sequence(0)
      guard !values.isEmpty else { throw Problem("the sequence is empty") }
      values.remove(at: try Places.wrapped(call.isGiven(1) ? try call.scalar(1) : -1, extent: values.count))
      return [.sequence(values)]
    },
    ONNXOperator("SplitToSequence") { call in
      let input = try call.tensor(0)
      let axis = try call.axis(call.int("axis", default: 0), rank: input.rank)
      let extent = input.dimensions[axis]
      var sizes = Array(repeating: 1, count: extent)
      if let split = try call.optionalTensor(1) {
        let given = try call.ints(at: 1)
        if split.rank == 0 {
          guard let size = given.first, size > 0 else { throw Problem("parts of \(given)") }
          sizes = (0..<(extent + size - 1) / size).map { min(size, extent - $0 * size) }
        } else {
          sizes = given
        }
      }
      let keeps = try call.flag("keepdims", default: true) || call.isGiven(1)
      return [
        .sequence(
          try split(input, axis: axis, sizes: sizes).map { part in
            guard !keeps else { return .tensor(part) }
            var dimensions = part.dimensions
            dimensions.remove(at: axis)
            return .tensor(part.reshaped(dimensions))
          })
      ]
    },
    .one("ConcatFromSequence") { call in
      let parts = try call.sequence(0).map { value -> ONNXTensor in
        guard let tensor = value.tensor else { throw Problem("it joins tensors, and no \(value.summary)") }
        return tensor
      }
      guard let axis = try call.int("axis") else { throw Problem("attribute 'axis' is missing") }
      guard try call.flag("new_axis") else { return try join(parts, axis: axis, call) }
      guard let first = parts.first else { throw Problem("there is nothing to join") }
      let place = try call.axis(axis, rank: first.rank + 1)
      return try join(
        parts.map { part in
          var dimensions = part.dimensions
          dimensions.insert(1, at: min(place, dimensions.count))
          return part.reshaped(dimensions)
        }, axis: place, call)
    },
    ONNXOperator("SequenceMap") { call in
      let body = try call.graph("body")
      let values = try call.sequence(0)
      var results: [[ONNXValue]] = Array(repeating: [], count: body.outputs.count)
      for index in values.indices {
        let inputs = try call.inputs.indices.map { place -> ONNXValue in
          guard case .sequence(let others) = try call.value(place) else { return try call.value(place) }
          guard others.count == values.count else { throw Problem("its sequences are not of one length") }
          return others[index]
        }
        for (place, value) in try call.run(body, inputs).enumerated() {
          guard let tensor = value.tensor else { throw Problem("it collects tensors only") }
          results[place].append(.tensor(tensor))
        }
      }
      return results.map { .sequence($0) }
    },
    // Values in values in values would have no end.
    ONNXOperator("Optional") { call in
      let value = call.inputs.first ?? nil
      if case .optional? = value { throw Problem("its input must be a tensor or a sequence, but is optional already") }
      return [.optional(value)]
    },
    .one("OptionalHasElement") { call in
      guard let value = call.inputs.first ?? nil else { return ONNXTensor(scalar: false) }
      if case .optional(let inner) = value { return ONNXTensor(scalar: inner != nil) }
      return ONNXTensor(scalar: true)
    },
    ONNXOperator("OptionalGetElement") { call in
      let value = try call.value(0)
      guard case .optional(let inner) = value else { return [value] }
      guard let inner else { throw Problem("there is nothing in it") }
      return [inner]
    },
  ]
}
