import FoveaCore

/// What looks at all tokens of a sequence.
enum KerasAttention {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("MultiHeadAttention", weights: weights, convert: attention)
  ]

  @Sendable private static func weights(_ settings: KerasSettings) throws -> [KerasLayerRule.Weight] {
    let hasBias = try settings.flag("use_bias", default: true)
    return ["query", "key", "value", "output"].flatMap { part -> [KerasLayerRule.Weight] in
      let kernel = KerasLayerRule.Weight("\(part)/kernel", of: "\(part)_dense")
      return hasBias ? [kernel, .init("\(part)/bias", of: "\(part)_dense")] : [kernel]
    }
  }

  /// Of tokens to themselves: Keras has a matrix `[features, heads, size]` for each of queries, keys and values, and
  /// `[heads, size, features]` for what comes out.
  private static func attention(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    let settings = node.settings
    guard let first = node.inputs.first, node.inputs.allSatisfy({ $0 == first }) else {
      throw KerasProblem.unsupported("its query, value and key are not the same")
    }
    guard first.kerasShape.count == 2 else {
      throw KerasProblem.unsupported("its input, \(first.kerasShape), is not [tokens, features]")
    }
    let (heads, size) = (try settings.integer("num_heads"), try settings.integer("key_dim"))
    guard try settings.integer("value_dim", default: size) == size else {
      throw KerasProblem.unsupported("its 'value_dim' is not its 'key_dim'")
    }
    for name in ["output_shape", "sliding_window"] where settings[name] != nil {
      throw KerasProblem.unsupported("it has '\(name)'")
    }
    if try settings.flag("use_gate", default: false) { throw KerasProblem.unsupported("it has 'use_gate'") }
    let tokens = try conversion.value(first, in: .plain)
    let features = tokens.shape[1]
    guard (1...1 << 16).contains(heads), (1...1 << 16).contains(size) else {
      throw KerasProblem("it has \(heads) heads of \(size) numbers")
    }
    let width = heads * size
    let parts = ["query", "key", "value"]
    func rows(_ part: String) throws -> Tensor {
      let kernel = try node.weight("\(part)/kernel")
      guard kernel.shape == [features, heads, size] else {
        throw KerasProblem("its '\(part)' has the shape \(kernel.shape)")
      }
      return try kernel.reshaped([features, width]).ordered([1, 0])
    }
    let output = try node.weight("output/kernel")
    guard output.shape == [heads, size, features] else {
      throw KerasProblem("its output has the shape \(output.shape), which is not that of its input")
    }
    var tensors = [
      "inputWeight": Tensor(try parts.flatMap { try rows($0).elements }, [3 * width, features]),
      "outputWeight": try output.reshaped([width, features]).ordered([1, 0]),
    ]
    let hasBias = node.hasWeight("output/bias")
    if hasBias {
      let biases = try parts.flatMap { try node.weight("\($0)/bias").elements }
      guard biases.count == 3 * width else {
        throw KerasProblem("its biases are not one for each query, key and value")
      }
      tensors["inputBias"] = Tensor(biases, [3 * width])
      tensors["outputBias"] = try node.weight("output/bias")
    }
    return try conversion.elementwise(
      "multiHeadAttention", tokens,
      ["heads": .integer(heads), "size": .integer(size), "bias": .bool(hasBias)], tensors: tensors)
  }
}
