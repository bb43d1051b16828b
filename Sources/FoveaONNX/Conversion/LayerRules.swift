import FoveaCore
import FoveaModel

/// How a node becomes a layer: the next operator costs one entry. A rule that throws leaves the node as it is, computed as such.
typealias LayerRule = @Sendable (inout LayerConversion, ONNXNode) throws -> Void

enum LayerRules {
  static let all: [String: LayerRule] = [
    "Conv": convolution, "BatchNormalization": normalization, "Gemm": product, "MatMul": product,
    "MaxPool": maximumPooling, "AveragePool": averagePooling, "GlobalAveragePool": globalPooling,
    "ReduceMean": globalMean, "Flatten": flattening, "Reshape": flattening, "Squeeze": flattening,
    "Unsqueeze": flattening,
    "Relu": plain("relu"), "Sigmoid": plain("sigmoid"), "Tanh": plain("tanh"), "HardSwish": plain("hardSwish"),
    "Softmax": softmax, "Clip": clip, "Identity": identity, "Cast": cast, "Dropout": dropout, "Add": sum, "Sum": sum,
    "Sub": { try joined(&$0, $1, "subtract") }, "Mean": { try joined(&$0, $1, "average") },
    "Max": { try joined(&$0, $1, "maximum") }, "Min": { try joined(&$0, $1, "minimum") }, "Expand": expansion,
    "Transpose": turning, "Mul": multiplication, "Concat": concatenation, "Pad": padding,
    "LeakyRelu": { conversion, node in
      let slope = try conversion.call(node).float("alpha", default: 0.01)
      try conversion.add("leakyRelu", node, [node.inputs[0]], ["slope": .number(slope)])
    },
    "Elu": { conversion, node in
      let alpha = try conversion.call(node).float("alpha", default: 1)
      try conversion.add("elu", node, [node.inputs[0]], ["alpha": .number(alpha)])
    },
    "Gelu": { conversion, node in
      let isByTanh = try conversion.call(node).text("approximate", default: "none") == "tanh"
      try conversion.add("gelu", node, [node.inputs[0]], ["approximate": .bool(isByTanh)])
    },
    "Swish": { conversion, node in
      guard try conversion.call(node).float("alpha", default: 1) == 1 else { throw Problem("its alpha is not 1") }
      try conversion.add("silu", node, [node.inputs[0]])
    },
    "HardSigmoid": { conversion, node in
      let call = conversion.call(node)
      let (alpha, beta) = (try call.float("alpha", default: 0.2), try call.float("beta", default: 0.5))
      guard (alpha - 1.0 / 6).magnitude < 1e-6, beta == 0.5 else { throw Problem("its slope is not 1/6") }
      try conversion.add("hardSigmoid", node, [node.inputs[0]])
    },
    "PRelu": { conversion, node in
      let slope = try conversion.weights(node.inputs[1], "slope")
      let input = conversion.dimensions(node.inputs[0])
      let channels = input.count > 1 ? input[1] : 0
      guard slope.count == 1 || (slope.count == channels && slope.dimensions.first == channels) else {
        throw Problem("its slopes are not one for each channel")
      }
      try conversion.add(
        "prelu", node, [node.inputs[0]], ["shared": .bool(slope.count == 1)],
        tensors: ["slope": try slope.reshaped([slope.count]).tensor()])
    },
  ]

  private static func plain(_ kind: String) -> LayerRule {
    { conversion, node in try conversion.add(kind, node, [node.inputs[0]]) }
  }

  private static func pair(_ extents: [Int]) -> ConfigurationValue { .array(extents.map { .integer($0) }) }

  /// What is around an image: top, left, bottom, right.
  private static func sides(_ before: [Int], _ after: [Int]) throws -> ConfigurationValue {
    guard (before + after).allSatisfy({ $0 >= 0 }) else { throw Problem("it cuts off at the sides") }
    return .object([
      "top": .integer(before[0]), "left": .integer(before[1]), "bottom": .integer(after[0]),
      "right": .integer(after[1]),
    ])
  }

  private static func image(_ conversion: LayerConversion, _ name: String) throws -> [Int] {
    let dimensions = conversion.dimensions(name)
    guard dimensions.count == 4 else { throw Problem("\(dimensions) is no batch of images") }
    return dimensions
  }

  private static func convolution(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let input = try image(conversion, node.inputs[0])
    let weights = try conversion.weights(node.inputs[1], "kernel")
    let call = conversion.call(node)
    let window = try Window(call, input: Array(input[2...]), kernel: Array(weights.dimensions[2...]))
    let bias = node.inputs.count > 2 ? node.inputs[2] : ""
    var tensors = ["kernel": try weights.tensor()]
    if !bias.isEmpty { tensors["bias"] = try conversion.weights(bias, "bias").tensor() }
    try conversion.add(
      "convolution", node, [node.inputs[0]],
      [
        "filters": .integer(weights.dimensions[0]), "kernel": pair(window.kernel), "stride": pair(window.strides),
        "dilation": pair(window.dilations), "groups": .integer(try call.int("group", default: 1)),
        "padding": try sides(window.before, window.after), "bias": .bool(!bias.isEmpty),
      ], tensors: tensors)
  }

  private static func normalization(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    guard try !call.flag("training_mode"), [2, 4].contains(conversion.dimensions(node.inputs[0]).count) else {
      throw Problem("it is in training, or its input is neither an image nor a vector")
    }
    var tensors: [String: Tensor] = [:]
    for (name, input) in zip(["scale", "shift", "runningMean", "runningVariance"], node.inputs.dropFirst()) {
      tensors[name] = try conversion.weights(input, name).tensor()
    }
    try conversion.add(
      "batchNormalization", node, [node.inputs[0]],
      ["epsilon": .number(try call.float("epsilon", default: 1e-5))], tensors: tensors)
  }

  private static func product(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    var weight = try conversion.weights(node.inputs[1], "matrix")
    guard conversion.dimensions(node.inputs[0]).count == 2, weight.rank == 2, try !call.flag("transA"),
      try call.float("alpha", default: 1) == 1, try call.float("beta", default: 1) == 1
    else { throw Problem("it is no product of vectors by one matrix") }
    if try !call.flag("transB") { weight = weight.transposed([1, 0]) }
    let units = weight.dimensions[0]
    var tensors = ["weight": try weight.tensor()]
    if node.inputs.count > 2, !node.inputs[2].isEmpty {
      let bias = try conversion.weights(node.inputs[2], "bias")
      tensors["bias"] = try bias.broadcast(to: [1, units]).reshaped([units]).tensor()
    }
    try conversion.add(
      "dense", node, [node.inputs[0]], ["units": .integer(units), "bias": .bool(tensors["bias"] != nil)],
      tensors: tensors)
  }

  /// - Parameter canGrow: whether padding at the end, which rounding up asks for, changes nothing.
  private static func window(
    _ conversion: LayerConversion, _ node: ONNXNode, canGrow: Bool
  ) throws -> [String: ConfigurationValue] {
    let input = try image(conversion, node.inputs[0])
    var window = try Window(conversion.call(node), input: Array(input[2...]), isPooling: true)
    guard window.dilations.allSatisfy({ $0 == 1 }) else { throw Problem("its window has holes") }
    for axis in 0..<2 {
      let reach = (window.output[axis] - 1) * window.strides[axis] + window.kernel[axis]
      let missing = reach - (window.input[axis] + window.before[axis] + window.after[axis])
      guard missing <= 0 || canGrow else { throw Problem("its last window is not whole") }
      window.after[axis] += max(missing, 0)
    }
    return [
      "window": pair(window.kernel), "stride": pair(window.strides),
      "padding": try sides(window.before, window.after),
    ]
  }

  private static func maximumPooling(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    guard node.outputs.count == 1 || node.outputs[1].isEmpty else { throw Problem("it tells places, too") }
    try conversion.add("maximumPooling", node, [node.inputs[0]], try window(conversion, node, canGrow: true))
  }

  private static func averagePooling(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let counts = try conversion.call(node).flag("count_include_pad")
    var configuration = try window(conversion, node, canGrow: !counts)
    configuration["countsPadding"] = .bool(counts)
    try conversion.add("averagePooling", node, [node.inputs[0]], configuration)
  }

  /// As vectors where all that uses them takes them so, else as maps of one element.
  private static func globalPooling(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let (input, output) = (try image(conversion, node.inputs[0]), node.outputs[0])
    let vector = [input[0], input[1]]
    let users = conversion.users(of: output)
    let flattens = users.allSatisfy {
      ["Flatten", "Reshape", "Squeeze"].contains($0.type) && conversion.dimensions($0.outputs[0]) == vector
    }
    if conversion.dimensions(output) == vector || (flattens && !users.isEmpty && !conversion.isOutput(output)) {
      try conversion.add("globalAveragePooling", node, [node.inputs[0]])
    } else {
      try conversion.add("adaptiveAveragePooling", node, [node.inputs[0]], ["size": .integer(1)])
    }
  }

  private static func globalMean(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    let axes = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("axes") ?? []
    guard Set(try call.axes(axes, rank: try image(conversion, node.inputs[0]).count)) == [2, 3] else {
      throw Problem("it is no mean over height and width")
    }
    try globalPooling(&conversion, node)
  }

  private static func flattening(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let (input, output) = (conversion.dimensions(node.inputs[0]), conversion.dimensions(node.outputs[0]))
    guard output.count >= 2, output[0] == input.first, input.count >= 2, conversion.constant(node.inputs[0]) == nil
    else { throw Problem("its batch is not in front, or all of it is one number") }
    guard output.count == 2 else {
      let shape = ConfigurationValue.array(output.dropFirst().map { .integer($0) })
      return try conversion.add("reshape", node, [node.inputs[0]], ["shape": shape])
    }
    // What is computed as a vector already is one, whatever ONNX calls it.
    let pooled = conversion.sources[node.inputs[0]].flatMap { source in
      conversion.layers.first { $0.name == source && $0.kind == "globalAveragePooling" }
    }
    if (input == output || pooled != nil) && !conversion.isOutput(node.outputs[0]) {
      try conversion.alias(node.outputs[0], node.inputs[0])
    } else {
      try conversion.add("flatten", node, [node.inputs[0]])
    }
  }

  private static func softmax(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    let rank = conversion.dimensions(node.inputs[0]).count
    let axis = try call.axis(call.int("axis", default: call.version >= 13 ? -1 : 1), rank: rank)
    guard axis == 1, rank == 2 || (rank == 4 && call.version >= 13) else { throw Problem("it is not over channels") }
    try conversion.add("softmax", node, [node.inputs[0]])
  }

  private static func clip(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    let isNew = call.version >= 11
    func limit(_ index: Int, _ name: String) throws -> Double? {
      guard isNew else { return try call.float(name) }
      guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
      return try conversion.weights(node.inputs[index], name).numbers.first
    }
    switch (try limit(1, "min"), try limit(2, "max")) {
    case (0, nil): try conversion.add("relu", node, [node.inputs[0]])
    case (0, 6): try conversion.add("relu6", node, [node.inputs[0]])
    default: throw Problem("its limits are not 0 and 6")
    }
  }

  private static func identity(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    guard !conversion.isOutput(node.outputs[0]) else { throw Problem("it is an output") }
    try conversion.alias(node.outputs[0], node.inputs[0])
  }

  /// The model takes images with their channels first, whatever the graph does.
  private static func turning(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    guard conversion.channelsLast.contains(node.inputs[0]), ImportedInput.turnsChannelsFirst(node) else {
      let rank = conversion.dimensions(node.inputs[0]).count
      let order = try conversion.call(node).ints("perm") ?? Array((0..<rank).reversed())
      guard rank > 2, order.count == rank, order[0] == 0, !conversion.channelsLast.contains(node.inputs[0]) else {
        throw Problem("its batch does not stay in front")
      }
      let axes = ConfigurationValue.array(order.dropFirst().map { .integer($0 - 1) })
      return try conversion.add("permute", node, [node.inputs[0]], ["axes": axes])
    }
    try conversion.alias(node.outputs[0], node.inputs[0])
  }

  private static func cast(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    guard
      conversion.trace.values[node.inputs[0]]?.tensor?.type == conversion.trace.values[node.outputs[0]]?.tensor?.type
    else { throw Problem("it changes what the elements are") }
    try identity(&conversion, node)
  }

  private static func dropout(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    let given = node.inputs.count > 1 ? conversion.constant(node.inputs[1])?.numbers.first : nil
    let rate = try given ?? call.float("ratio", default: 0.5)
    guard (0..<1).contains(rate), node.outputs.dropFirst().allSatisfy({ conversion.users(of: $0).isEmpty }) else {
      throw Problem("its mask is used")
    }
    try conversion.add("dropout", node, [node.inputs[0]], ["rate": .number(rate)])
  }

  /// A number for each channel, `[channels, 1, 1]` or `[features]`, of what broadcasting makes one of.
  private static func byChannel(_ constant: ONNXTensor, _ dimensions: [Int]) throws -> Tensor {
    guard dimensions.count >= 2, dimensions.count <= 4 else { throw Problem("\(dimensions) has no channels") }
    let wanted = [1, dimensions[1]] + Array(repeating: 1, count: dimensions.count - 2)
    guard constant.type == .float32, constant.rank <= wanted.count,
      try Strides.broadcast([constant.dimensions, wanted]) == wanted
    else { throw Problem("its constant, \(constant.dimensions), is not one number for each channel") }
    return try constant.broadcast(to: wanted).reshaped([dimensions[1]]).tensor()
  }

  private static func sum(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let constants = node.inputs.filter { conversion.constant($0) != nil }
    if constants.count == 1, node.inputs.count == 2,
      let input = node.inputs.first(where: { conversion.constant($0) == nil })
    {
      let dimensions = conversion.dimensions(input)
      guard conversion.dimensions(node.outputs[0]) == dimensions else { throw Problem("it makes more of its input") }
      let shift = try byChannel(try conversion.weights(constants[0], "constant"), dimensions)
      if let dense = conversion.soleLayer(input, of: "dense"), !conversion.isOutput(node.outputs[0]),
        conversion.layers[dense].configuration["bias"] == .bool(false)
      {
        conversion.addBias(shift, toLayer: dense)
        return try conversion.alias(node.outputs[0], input)
      }
      let scale = Tensor(repeating: 1, shift.shape)
      return try conversion.add("scaleShift", node, [input], tensors: ["scale": scale, "shift": shift])
    }
    try joined(&conversion, node, "add")
  }

  /// What is made of several inputs, element by element, of one shape once they are broadcast.
  private static func joined(_ conversion: inout LayerConversion, _ node: ONNXNode, _ kind: String) throws {
    guard node.inputs.allSatisfy({ conversion.constant($0) == nil }), Set(node.inputs).count >= 2 else {
      throw Problem("its inputs are constants, or one alone")
    }
    let dimensions = try Strides.broadcast(node.inputs.map { conversion.dimensions($0) })
    // Before the first of them becomes a layer.
    guard node.inputs.allSatisfy({ conversion.dimensions($0).count == dimensions.count }) else {
      throw Problem("its inputs have not all as many axes")
    }
    let inputs = try node.inputs.map { try conversion.broadcast($0, to: dimensions, for: node) }
    try conversion.add(kind, node, inputs)
  }

  private static func expansion(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let (input, output) = (node.inputs[0], node.outputs[0])
    let dimensions = conversion.dimensions(output)
    guard conversion.constant(input) == nil, !conversion.isOutput(output) else {
      throw Problem("it is a constant, or an output")
    }
    try conversion.alias(output, conversion.broadcast(input, to: dimensions, for: node))
  }

  private static func multiplication(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let constants = node.inputs.filter { conversion.constant($0) != nil }
    if constants.count == 1, let input = node.inputs.first(where: { conversion.constant($0) == nil }) {
      let dimensions = conversion.dimensions(input)
      guard conversion.dimensions(node.outputs[0]) == dimensions else { throw Problem("it makes more of its input") }
      let scale = try byChannel(try conversion.weights(constants[0], "constant"), dimensions)
      return try conversion.add("scaleShift", node, [input], ["shift": .bool(false)], tensors: ["scale": scale])
    }
    guard constants.isEmpty, node.inputs.count == 2 else { throw Problem("its inputs are constants") }
    for (x, gate) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
      // x · sigmoid(x) is a layer of its own.
      if conversion.knows("silu"), let sigmoid = conversion.soleLayer(gate, of: "sigmoid"),
        conversion.source(of: sigmoid) == [conversion.sources[x]]
      {
        try conversion.add("silu", node, [x])
        return conversion.remove(layer: sigmoid)
      }
    }
    let (first, second) = (conversion.dimensions(node.inputs[0]), conversion.dimensions(node.inputs[1]))
    guard first.count > 1 else { throw Problem("\(first) has no channels") }
    let channels = Array(first[..<2])
    func isByChannel(_ dimensions: [Int]) -> Bool {
      dimensions == channels + Array(repeating: 1, count: max(first.count, second.count) - 2)
    }
    if first == second || (first.count == second.count && first.count > 2 && isByChannel(second)) {
      try conversion.add("multiply", node, node.inputs)
    } else if first.count == second.count, first.count > 2, isByChannel(first) {
      try conversion.add("multiply", node, [node.inputs[1], node.inputs[0]])
    } else {
      try joined(&conversion, node, "multiply")
    }
  }

  private static func concatenation(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    let rank = conversion.dimensions(node.inputs[0]).count
    guard try call.axis(call.int("axis", default: 1), rank: rank) == 1, node.inputs.count > 1,
      node.inputs.allSatisfy({ conversion.constant($0) == nil })
    else { throw Problem("it does not join channels") }
    try conversion.add("concatenate", node, node.inputs)
  }

  private static func padding(_ conversion: inout LayerConversion, _ node: ONNXNode) throws {
    let call = conversion.call(node)
    _ = try image(conversion, node.inputs[0])
    let pads = call.isGiven(1) ? try call.ints(at: 1) : try call.ints("pads") ?? []
    let value =
      call.version >= 11 ? try call.optionalTensor(2)?.numbers.first ?? 0 : try call.float("value", default: 0)
    guard try call.text("mode", default: "constant") == "constant", value == 0, !call.isGiven(3), pads.count == 8,
      pads[0] == 0, pads[1] == 0, pads[4] == 0, pads[5] == 0
    else { throw Problem("it does not put zeros around images") }
    try conversion.add(
      "zeroPadding", node, [node.inputs[0]], ["padding": try sides([pads[2], pads[3]], [pads[6], pads[7]])])
  }
}
