// Graphs within graphs.
extension ONNXOperators {
  static let controlFlow: [ONNXOperator] = [
    ONNXOperator("If") { call in
      let condition = try call.tensor(0)
      guard condition.type == .bool, let holds = condition.elements(of: Bool.self).first else {
        throw Problem("its condition must be a bool, but is \(condition.type.name)\(condition.dimensions)")
      }
      return try call.run(try call.graph(holds ? "then_branch" : "else_branch"), [])
    },
    ONNXOperator("Loop") { call in
      let body = try call.graph("body")
      let most = try call.optionalTensor(0)?.wholes.first
      var holds = try call.optionalTensor(1)?.elements(of: Bool.self).first ?? true
      var state = try call.inputs.dropFirst(2).indices.map { try call.value($0) }
      guard body.outputs.count >= state.count + 1 else { throw Problem("its body has too few outputs") }
      let scanned = body.outputs.count - 1 - state.count
      var collected: [[ONNXTensor]] = Array(repeating: [], count: scanned)
      var index = 0 as Int64
      while holds, index < most ?? .max {
        let condition = ONNXValue.tensor(ONNXTensor(scalar: holds))
        let results = try call.run(body, [.tensor(ONNXTensor(scalar: index)), condition] + state)
        guard let next = results[0].tensor?.elements(of: Bool.self).first else {
          throw Problem("its body's first output must be a bool")
        }
        holds = next
        state = Array(results[1..<1 + state.count])
        for (place, result) in results[(1 + state.count)...].enumerated() {
          guard let tensor = result.tensor else { throw Problem("it collects tensors only") }
          collected[place].append(tensor)
        }
        index += 1
      }
      return try state
        + collected.enumerated().map { place, parts in
          .tensor(try stacked(parts, type: body.outputs[1 + state.count + place].type, call))
        }
    },
    ONNXOperator("Scan") { call in
      let body = try call.graph("body")
      let inputCount = try call.int("num_scan_inputs", default: 0)
      // Operator set 8 has lengths first, and a batch.
      guard call.version >= 9 else { return try batchedScan(call, body, inputCount) }
      return try scan(call, body, try call.inputs.indices.map { try call.value($0) }, inputCount)
    },
  ]

  /// One after the other along a new first axis.
  private static func stacked(_ parts: [ONNXTensor], type: TypeMessage, _ call: ONNXCall) throws -> ONNXTensor {
    guard !parts.isEmpty else {
      var (element, dimensions): (ONNXElementType, [Int]) = (.float32, [])
      if case .tensor(let number, let shape) = type {
        element = ONNXElementType(rawValue: Int(truncatingIfNeeded: number)) ?? .float32
        dimensions = (shape ?? []).map { if case .known(let extent) = $0 { max(Int(clamping: extent), 0) } else { 0 } }
      }
      return .make(element, numbers: [], [0] + dimensions)
    }
    return try join(parts.map { $0.reshaped([1] + $0.dimensions) }, axis: 0, call)
  }

  private static func scan(
    _ call: ONNXCall, _ body: ONNXGraph, _ inputs: [ONNXValue], _ inputCount: Int
  ) throws -> [ONNXValue] {
    guard inputCount >= 1, inputCount <= inputs.count else { throw Problem("it goes over \(inputCount) inputs") }
    var state = Array(inputs[..<(inputs.count - inputCount)])
    let scanned = try inputs[state.count...].map { value -> ONNXTensor in
      guard let tensor = value.tensor, tensor.rank > 0 else { throw Problem("it goes over \(value.summary)") }
      return tensor
    }
    let axes = try call.ints("scan_input_axes") ?? Array(repeating: 0, count: inputCount)
    let directions = call.version < 9 ? "directions" : "scan_input_directions"
    let backward = try call.ints(directions) ?? Array(repeating: 0, count: inputCount)
    let outputCount = body.outputs.count - state.count
    guard axes.count == inputCount, backward.count == inputCount, outputCount >= 0 else {
      throw Problem("axes or directions are not of one number with its inputs")
    }
    let along = try zip(axes, scanned).map { try call.axis($0, rank: $1.rank) }
    let length = scanned[0].dimensions[along[0]]
    guard zip(scanned, along).allSatisfy({ $0.dimensions[$1] == length }) else {
      throw Problem("its inputs are not of one length")
    }
    var collected: [[ONNXTensor]] = Array(repeating: [], count: outputCount)
    for step in 0..<length {
      let parts = scanned.indices.map { index -> ONNXValue in
        let (tensor, axis) = (scanned[index], along[index])
        let part = tensor.slice(axis: axis, start: backward[index] == 1 ? length - 1 - step : step, count: 1)
        var dimensions = tensor.dimensions
        dimensions.remove(at: axis)
        return .tensor(part.reshaped(dimensions))
      }
      let results = try call.run(body, state + parts)
      state = Array(results[..<state.count])
      for (place, result) in results[state.count...].enumerated() {
        guard let tensor = result.tensor else { throw Problem("it collects tensors only") }
        collected[place].append(tensor)
      }
    }
    let targets = try call.ints("scan_output_axes") ?? Array(repeating: 0, count: outputCount)
    let flipped = try call.ints("scan_output_directions") ?? Array(repeating: 0, count: outputCount)
    guard targets.count == outputCount, flipped.count == outputCount else {
      throw Problem("axes or directions are not of one number with its outputs")
    }
    return try state
      + collected.enumerated().map { place, parts in
        let ordered = flipped[place] == 1 ? parts.reversed() : parts
        let all = try stacked(ordered, type: body.outputs[state.count + place].type, call)
        let axis = try call.axis(targets[place], rank: all.rank)
        var order = Array(1..<max(all.rank, 1))
        order.insert(0, at: axis)
        return .tensor(axis == 0 ? all : all.transposed(order))
      }
  }

  private static func batchedScan(_ call: ONNXCall, _ body: ONNXGraph, _ inputCount: Int) throws -> [ONNXValue] {
    guard !call.isGiven(0) else { throw Problem("sequences of several lengths are not supported") }
    let tensors = try call.inputs.indices.dropFirst().map { try call.tensor($0) }
    guard let batch = tensors.first?.dimensions.first, batch > 0,
      tensors.allSatisfy({ $0.dimensions.first == batch })
    else { throw Problem("its inputs have no batch, or several") }
    var results: [[ONNXTensor]] = []
    for example in 0..<batch {
      let parts = tensors.map { tensor -> ONNXValue in
        .tensor(tensor.slice(axis: 0, start: example, count: 1).reshaped(Array(tensor.dimensions.dropFirst())))
      }
      for (place, value) in try scan(call, body, parts, inputCount).enumerated() {
        guard let tensor = value.tensor else { throw Problem("it yields tensors only") }
        if place == results.count { results.append([]) }
        results[place].append(tensor)
      }
    }
    return try results.map { .tensor(try stacked($0, type: .unknown, call)) }
  }
}
