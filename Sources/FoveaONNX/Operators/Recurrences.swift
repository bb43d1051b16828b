import Foundation

// RNN, GRU and LSTM over a sequence, forward, backward or both.
extension ONNXOperators {
  static let recurrences: [ONNXOperator] = [
    .several("RNN") { call in try Recurrence(call, gates: 1).run(call, RecurrentCell.plain) },
    .several("GRU") { call in try Recurrence(call, gates: 3).run(call, RecurrentCell.gru) },
    .several("LSTM") { call in try Recurrence(call, gates: 4).run(call, RecurrentCell.lstm) },
  ]
}

private struct Activation {
  let function: (Double) -> Double

  init(_ name: String, alpha: Double?, beta: Double?) throws {
    switch name.lowercased() {
    case "relu": function = { max(0, $0) }
    case "tanh": function = { tanh($0) }
    case "sigmoid": function = Squash.sigmoid
    case "affine": function = { (alpha ?? 1) * $0 + (beta ?? 0) }
    case "leakyrelu": function = { $0 < 0 ? (alpha ?? 0.01) * $0 : $0 }
    case "thresholdedrelu": function = { $0 > (alpha ?? 1) ? $0 : 0 }
    case "scaledtanh": function = { (alpha ?? 1) * tanh((beta ?? 1) * $0) }
    case "hardsigmoid": function = { max(0, min(1, (alpha ?? 0.2) * $0 + (beta ?? 0.5))) }
    case "elu": function = { $0 < 0 ? (alpha ?? 1) * expm1($0) : $0 }
    case "softsign": function = { $0 / (1 + $0.magnitude) }
    case "softplus": function = Squash.softplus
    default: throw Problem("there is no activation '\(name)'")
    }
  }
}

/// What one direction computes with, at one moment, for one example.
private struct RecurrentMoment {
  /// Of all gates: input times weights with both biases, and state times weights.
  let fromInput: [Double]
  let fromState: [Double]
  let state: [Double]
  let memory: [Double]
  let recurrentBias: [Double]
  /// The weights by which the state goes in, gate by gate: `[gates * hidden, hidden]`.
  let recurrent: ArraySlice<Double>
  let peepholes: [Double]
  let activations: [(Double) -> Double]
  let clip: (Double) -> Double
  let isLinearBeforeReset: Bool
  let couplesGates: Bool
}

private enum RecurrentCell {
  typealias Step = (RecurrentMoment) -> (state: [Double], memory: [Double])

  static func plain(_ now: RecurrentMoment) -> (state: [Double], memory: [Double]) {
    (now.state.indices.map { now.activations[0](now.clip(now.fromInput[$0] + now.fromState[$0])) }, [])
  }

  // Gates: update, reset, hidden.
  static func gru(_ now: RecurrentMoment) -> (state: [Double], memory: [Double]) {
    let hidden = now.state.count
    func gate(_ index: Int) -> Double { now.activations[0](now.clip(now.fromInput[index] + now.fromState[index])) }
    let update = (0..<hidden).map(gate)
    let reset = (hidden..<2 * hidden).map(gate)
    let state = (0..<hidden).map { unit -> Double in
      let place = 2 * hidden + unit
      let bias = now.recurrentBias[place]
      let fromState: Double
      if now.isLinearBeforeReset {
        fromState = reset[unit] * (now.fromState[place] + bias)
      } else {
        let row = now.recurrent.startIndex + place * hidden
        fromState = (0..<hidden).reduce(bias) { $0 + reset[$1] * now.state[$1] * now.recurrent[row + $1] }
      }
      let candidate = now.activations[1](now.clip(now.fromInput[place] - bias + fromState))
      return (1 - update[unit]) * candidate + update[unit] * now.state[unit]
    }
    return (state, [])
  }

  // Gates: input, output, forget, cell.
  static func lstm(_ now: RecurrentMoment) -> (state: [Double], memory: [Double]) {
    let hidden = now.state.count
    func sum(_ gate: Int, _ unit: Int) -> Double {
      now.fromInput[gate * hidden + unit] + now.fromState[gate * hidden + unit]
    }
    var (state, memory): ([Double], [Double]) = ([], [])
    for unit in 0..<hidden {
      let old = now.memory[unit]
      let input = now.activations[0](now.clip(sum(0, unit) + now.peepholes[unit] * old))
      let forget =
        now.couplesGates
        ? 1 - input : now.activations[0](now.clip(sum(2, unit) + now.peepholes[2 * hidden + unit] * old))
      let cell = forget * old + input * now.activations[1](now.clip(sum(3, unit)))
      let output = now.activations[0](now.clip(sum(1, unit) + now.peepholes[hidden + unit] * cell))
      memory.append(cell)
      state.append(output * now.activations[2](cell))
    }
    return (state, memory)
  }
}

private struct Recurrence {
  let input: ONNXTensor
  let gates: Int
  let hidden: Int
  let directions: [Bool]
  let steps: Int
  let batch: Int
  let width: Int
  let lengths: [Int]
  let isBatchFirst: Bool

  init(_ call: ONNXCall, gates: Int) throws {
    self.gates = gates
    isBatchFirst = try call.flag("layout")
    let given = try call.tensor(0, rank: 3)
    input = isBatchFirst ? given.transposed([1, 0, 2]) : given
    (steps, batch, width) = (input.dimensions[0], input.dimensions[1], input.dimensions[2])
    let weights = try call.tensor(1, rank: 3)
    hidden = try call.int("hidden_size") ?? weights.dimensions[1] / gates
    switch try call.text("direction", default: "forward") {
    case "forward": directions = [false]
    case "reverse": directions = [true]
    case "bidirectional": directions = [false, true]
    case let other: throw Problem("attribute 'direction' is '\(other)', which is not known")
    }
    let rows = gates * hidden
    guard hidden > 0, weights.dimensions == [directions.count, rows, width],
      try call.tensor(2).dimensions == [directions.count, rows, hidden]
    else {
      throw Problem(
        "weights of \(weights.dimensions) and \(try call.tensor(2).dimensions) do not go with an input of \(given.dimensions)"
      )
    }
    let steps = steps
    lengths = call.isGiven(4) ? try call.ints(at: 4) : Array(repeating: steps, count: batch)
    guard lengths.count == batch, lengths.allSatisfy({ $0 >= 0 && $0 <= steps }) else {
      throw Problem("lengths \(lengths) for \(batch) sequences of \(steps)")
    }
    _ = try call.count([steps, directions.count, batch, hidden])
    try call.work(steps, directions.count, batch, rows, width + hidden)
  }

  private func optional(_ call: ONNXCall, _ index: Int, _ dimensions: [Int]) throws -> [Double] {
    guard var tensor = try call.optionalTensor(index) else {
      return Array(repeating: 0, count: dimensions.reduce(1, *))
    }
    if isBatchFirst, index == 5 || index == 6, tensor.rank == 3 { tensor = tensor.transposed([1, 0, 2]) }
    guard tensor.dimensions == dimensions else {
      throw Problem("input \(index) must be \(dimensions), but is \(tensor.dimensions)")
    }
    return tensor.numbers
  }

  private func activations(_ call: ONNXCall, perDirection: Int) throws -> [[(Double) -> Double]] {
    let usual = [1: ["Tanh"], 3: ["Sigmoid", "Tanh"], 4: ["Sigmoid", "Tanh", "Tanh"]][gates] ?? []
    let names = try call.texts("activations") ?? directions.flatMap { _ in usual }
    guard names.count == perDirection * directions.count else {
      throw Problem("\(names.count) activations are named, but it needs \(perDirection * directions.count)")
    }
    let (alphas, betas) = (try call.floats("activation_alpha") ?? [], try call.floats("activation_beta") ?? [])
    return try directions.indices.map { direction in
      try (0..<perDirection).map {
        let index = direction * perDirection + $0
        return try Activation(
          names[index], alpha: index < alphas.count ? Double(alphas[index]) : nil,
          beta: index < betas.count ? Double(betas[index]) : nil
        ).function
      }
    }
  }

  func run(_ call: ONNXCall, _ step: RecurrentCell.Step) throws -> [ONNXTensor] {
    let (rows, numbers) = (gates * hidden, input.numbers)
    let (weights, recurrent) = (try call.tensor(1).numbers, try call.tensor(2).numbers)
    let biases = try optional(call, 3, [directions.count, 2 * rows])
    let first = try optional(call, 5, [directions.count, batch, hidden])
    let memories = gates == 4 ? try optional(call, 6, [directions.count, batch, hidden]) : []
    let peepholes = gates == 4 ? try optional(call, 7, [directions.count, 3 * hidden]) : []
    let functions = try activations(call, perDirection: gates == 1 ? 1 : gates == 3 ? 2 : 3)
    let limit = try call.float("clip")
    let isLinear = try call.flag("linear_before_reset")
    let couples = try call.flag("input_forget")
    var sequence = Array(repeating: 0.0, count: steps * directions.count * batch * hidden)
    var (last, lastMemory): ([Double], [Double]) = ([], [])
    for (direction, isReverse) in directions.enumerated() {
      let bias = Array(biases[direction * 2 * rows..<(direction + 1) * 2 * rows])
      for example in 0..<batch {
        let start = (direction * batch + example) * hidden
        var state = Array(first[start..<start + hidden])
        var memory = memories.isEmpty ? [] : Array(memories[start..<start + hidden])
        for moment in 0..<lengths[example] {
          let time = isReverse ? lengths[example] - 1 - moment : moment
          let from = (time * batch + example) * width
          let fromInput = (0..<rows).map { row in
            let place = (direction * rows + row) * width
            return (0..<width).reduce(bias[row] + bias[rows + row]) { $0 + weights[place + $1] * numbers[from + $1] }
          }
          let fromState = (0..<rows).map { row in
            let place = (direction * rows + row) * hidden
            return (0..<hidden).reduce(0) { $0 + recurrent[place + $1] * state[$1] }
          }
          let now = RecurrentMoment(
            fromInput: fromInput, fromState: fromState, state: state, memory: memory,
            recurrentBias: Array(bias[rows...]),
            recurrent: recurrent[direction * rows * hidden..<(direction + 1) * rows * hidden],
            peepholes: peepholes.isEmpty
              ? [] : Array(peepholes[direction * 3 * hidden..<(direction + 1) * 3 * hidden]),
            activations: functions[direction],
            clip: { value in limit.map { max(-$0, min(value, $0)) } ?? value }, isLinearBeforeReset: isLinear,
            couplesGates: couples)
          (state, memory) = step(now)
          let place = ((time * directions.count + direction) * batch + example) * hidden
          for unit in 0..<hidden { sequence[place + unit] = state[unit] }
        }
        last += state
        lastMemory += memory
      }
    }
    var all = ONNXTensor.make(input.type, numbers: sequence, [steps, directions.count, batch, hidden])
    var finals = [last, lastMemory].filter { !$0.isEmpty }
      .map { ONNXTensor.make(input.type, numbers: $0, [directions.count, batch, hidden]) }
    if isBatchFirst {
      all = all.transposed([2, 0, 1, 3])
      finals = finals.map { $0.transposed([1, 0, 2]) }
    }
    return [all] + finals
  }
}
