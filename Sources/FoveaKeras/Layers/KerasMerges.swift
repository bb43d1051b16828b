import FoveaCore

/// What makes one of several inputs; the operations of Keras 3 with the same names, `x * 2`, too.
enum KerasMerges {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Add") { try merge(&$0, $1, "add") },
    KerasLayerRule("Subtract") { try merge(&$0, $1, "subtract") },
    KerasLayerRule("Multiply") { try merge(&$0, $1, "multiply") },
    KerasLayerRule("Average") { try merge(&$0, $1, "average") },
    KerasLayerRule("Maximum") { try merge(&$0, $1, "maximum") },
    KerasLayerRule("Minimum") { try merge(&$0, $1, "minimum") },
    KerasLayerRule("Divide", "TrueDivide") { conversion, node in
      if node.constants.isEmpty, node.inputs.count == 2 {
        let inputs = try aligned(&conversion, node.inputs)
        return try conversion.onnx(
          "Div", version: 7, inputs[0], inputs[1], shape: common(inputs), order: inputs[0].order)
      }
      guard node.inputs.count == 1, let divisor = node.constants.first?.anyNumber else {
        throw KerasProblem.unsupported("it divides what is no number, or by such")
      }
      guard node.constantPlaces == [1] else {
        let input = try node.input()
        let inverse = try conversion.onnx("Reciprocal", part: "inverse", version: 13, input, shape: input.shape)
        return try conversion.line(inverse, scale: divisor, offset: 0)
      }
      return try conversion.line(node.input(), scale: 1 / divisor, offset: 0)
    },
    KerasLayerRule("Concatenate") { try concatenation(&$0, $1) },
    KerasLayerRule("Dot", convert: dot),
    KerasLayerRule("Merge") { conversion, node in
      switch try node.settings.text("mode", default: "sum") {
      case "sum": try merge(&conversion, node, "add")
      case "mul": try merge(&conversion, node, "multiply")
      case "ave": try merge(&conversion, node, "average")
      case "max": try merge(&conversion, node, "maximum")
      case "concat": try concatenation(&conversion, node)
      case let other: throw KerasProblem.unsupported("its mode is '\(other)'")
      }
    },
  ]

  /// All in one order: with the channels first, where one of them has.
  private static func aligned(_ conversion: inout KerasConversion, _ inputs: [KerasValue]) throws -> [KerasValue] {
    let orders = inputs.map(\.order)
    guard Set(orders).count > 1 else { return inputs }
    let isRank = Set(inputs.map { $0.kerasShape.count }).count == 1
    let order: KerasValue.Order =
      isRank ? orders.first { $0 == .channelsFirst || $0 == .row } ?? orders.first { $0 != .plain } ?? .plain : .plain
    return try inputs.map { try conversion.value($0, in: order) }
  }

  private static func merge(
    _ conversion: inout KerasConversion, _ node: KerasNode, _ kind: String
  ) throws -> KerasValue {
    if node.inputs.count == 1, node.constants.count == 1, let number = node.constants[0].anyNumber {
      let isFirst = node.constantPlaces[0] == 0
      switch kind {
      case "add": return try conversion.line(node.input(), scale: 1, offset: number)
      case "subtract" where isFirst: return try conversion.line(node.input(), scale: -1, offset: number)
      case "subtract": return try conversion.line(node.input(), scale: 1, offset: -number)
      case "multiply": return try conversion.line(node.input(), scale: number, offset: 0)
      default: throw KerasProblem.unsupported("one of its inputs is the number \(number)")
      }
    }
    guard node.constants.isEmpty else { throw KerasProblem.unsupported("one of its inputs is a constant") }
    guard node.inputs.count > 1 else { return try node.input() }
    var inputs = try aligned(&conversion, node.inputs)
    let order = inputs[0].order
    let shape = try common(inputs)
    if kind == "multiply" {
      // The larger one first; the other may have a number for each channel.
      inputs.sort { $0.shape.reduce(1, *) > $1.shape.reduce(1, *) }
      var result = try conversion.broadcast(inputs[0], to: shape)
      for (index, other) in inputs.dropFirst().enumerated() {
        let isByChannel = other.shape == [shape[0]] + shape.dropFirst().map { _ in 1 }
        let input = isByChannel ? other : try conversion.broadcast(other, to: shape)
        let (source, shape) = try conversion.add(
          "multiply", part: index + 2 == inputs.count ? "" : "\(index + 1)", [result.source, input.source],
          shapes: [result.shape, input.shape])
        result = KerasValue(source, shape: shape, order: order)
      }
      return result
    }
    inputs = try inputs.map { try conversion.broadcast($0, to: shape) }
    let (source, _) = try conversion.add(kind, inputs.map(\.source), shapes: inputs.map(\.shape))
    return KerasValue(source, shape: shape, order: order)
  }

  /// The shape that all have, once what has one element along an axis is repeated there.
  private static func common(_ inputs: [KerasValue]) throws -> [Int] {
    let shapes = inputs.map(\.shape)
    guard Set(shapes.map(\.count)).count == 1 else {
      throw KerasProblem.unsupported("its inputs, \(inputs.map(\.kerasShape)), have not all as many axes")
    }
    let common = shapes[0].indices.map { axis in shapes.map { $0[axis] }.max() ?? 1 }
    guard shapes.allSatisfy({ zip($0, common).allSatisfy { $0 == $1 || $0 == 1 } }) else {
      throw KerasProblem("its inputs, \(inputs.map(\.kerasShape)), are of several sizes")
    }
    return common
  }

  private static func concatenation(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let rank = node.inputs.first?.kerasShape.count ?? 0
    guard node.inputs.count > 1, node.inputs.allSatisfy({ $0.kerasShape.count == rank }) else {
      guard node.inputs.count == 1 else { throw KerasProblem("its inputs have not all as many axes") }
      return try node.input()
    }
    let given = try node.settings.integer("axis", "concat_axis", default: -1)
    let axis = (given < 0 ? given + rank + 1 : given) - 1
    guard (0..<rank).contains(axis) else { throw KerasProblem("its axis \(given) is not one of its inputs'") }
    if axis == rank - 1, rank > 1 {
      let order: KerasValue.Order =
        rank == 2 && node.inputs.contains { $0.order == .row } ? .row : .channelsFirst
      let inputs = try node.inputs.map { try conversion.value($0, in: order) }
      let (source, shape) = try conversion.add("concatenate", inputs.map(\.source), shapes: inputs.map(\.shape))
      return KerasValue(source, shape: shape, order: order)
    }
    // Brought to the front, and back.
    let axes = [axis] + (0..<rank).filter { $0 != axis }
    let inputs = try node.inputs.map { try conversion.permuted(conversion.value($0, in: .plain), axes) }
    let (source, shape) = try conversion.add("concatenate", inputs.map(\.source), shapes: inputs.map(\.shape))
    let back = (0..<rank).map { place in axes.firstIndex(of: place) ?? place }
    return try conversion.permuted(KerasValue(source, shape: shape, order: .plain), back)
  }

  /// Of two vectors.
  private static func dot(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    var inputs = try node.inputs.map { try conversion.value($0, in: .plain) }
    guard inputs.count == 2, inputs.allSatisfy({ $0.shape.count == 1 }), inputs[0].shape == inputs[1].shape else {
      throw KerasProblem.unsupported("its inputs, \(inputs.map(\.kerasShape)), are not two vectors")
    }
    if try node.settings.flag("normalize", default: false) {
      inputs = try inputs.enumerated().map { number, input in
        try conversion.unit(input, part: "unit\(number + 1)", axes: [1])
      }
    }
    let (source, shape) = try conversion.add(
      "multiply", part: "product", inputs.map(\.source), shapes: inputs.map(\.shape))
    return try conversion.onnx(
      "ReduceSum", version: 11, KerasValue(source, shape: shape, order: .plain),
      attributes: ["axes": [1], "keepdims": 1], shape: [1])
  }
}
