public import FoveaCore

/// Activations, as layers and as the setting `activation` of others.
enum KerasActivations {
  static let all: [KerasLayerRule] = [
    KerasLayerRule("Activation", weights: check) { conversion, node in
      try conversion.activated(node.input(), node.settings["activation"], part: "")
    },
    KerasLayerRule("ReLU") { conversion, node in
      let settings = node.settings
      let most = try settings["max_value"] == nil ? nil : settings.number("max_value")
      let slope = try settings.number("negative_slope", default: 0)
      let threshold = try settings.number("threshold", default: 0)
      return try conversion.rectified(node.input(), most: most, slope: slope, threshold: threshold)
    },
    KerasLayerRule("ThresholdedReLU") { conversion, node in
      try conversion.rectified(
        node.input(), most: nil, slope: 0, threshold: node.settings.number("theta", default: 1))
    },
    .plain("LeakyReLU", kind: "leakyRelu") {
      ["slope": .number(try $0.number("negative_slope", "alpha", default: 0.3))]
    },
    .plain("ELU", kind: "elu") { ["alpha": .number(try $0.number("alpha", default: 1))] },
    KerasLayerRule("Softmax") { conversion, node in
      let input = try node.input()
      let rank = input.kerasShape.count
      let axes = try (node.settings.integers("axis") ?? [-1]).map { $0 < 0 ? $0 + rank : $0 - 1 }
      guard axes.allSatisfy((0..<rank).contains), Set(axes).count == axes.count else {
        throw KerasProblem("its axes are not its input's")
      }
      return try axes == [rank - 1]
        ? conversion.softmax(input, part: "") : conversion.softmax(input, part: "", axes: axes.sorted())
    },
    KerasLayerRule("PReLU", weights: { _ in [.init("alpha")] }, convert: prelu),
  ]

  /// What the setting `activation` asks for must be known.
  @Sendable static func check(_ settings: KerasSettings) throws -> [KerasLayerRule.Weight] {
    _ = try name(settings["activation"])
    return []
  }

  private static let kinds: [String: String] = [
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "swish": "silu", "silu": "silu",
    "hard_swish": "hardSwish", "hard_silu": "hardSwish", "elu": "elu",
  ]

  /// Operators of ONNX that are the function, since which version of the operator set, and with which attributes.
  private static let operators: [String: (name: String, version: Int, attributes: KerasConfiguration)] = [
    "selu": ("Selu", 6, [:]), "softplus": ("Softplus", 1, [:]), "softsign": ("Softsign", 1, [:]),
    "exponential": ("Exp", 13, [:]), "mish": ("Mish", 18, [:]), "celu": ("Celu", 12, ["alpha": 1.0]),
    "hard_tanh": ("Clip", 6, ["min": -1.0, "max": 1.0]), "hard_shrink": ("Shrink", 9, ["lambd": 0.5, "bias": 0.0]),
    "soft_shrink": ("Shrink", 9, ["lambd": 0.5, "bias": 0.5]),
    "sparse_sigmoid": ("HardSigmoid", 6, ["alpha": 0.5, "beta": 0.5]),
  ]

  /// Made of several layers.
  private static let composed: Set<String> = [
    "linear", "softmax", "gelu", "hard_sigmoid", "leaky_relu", "log_softmax", "log_sigmoid", "tanh_shrink",
  ]

  static func name(_ setting: ConfigurationValue?) throws -> String {
    guard let setting else { return "linear" }
    // A layer as the setting, which `activated` looks into, or a function of a program's own.
    if let object = setting.object {
      let name = object["class_name"]?.string ?? ""
      if name == "function" || name.isEmpty {
        throw KerasProblem.unsupported(
          "its activation '\(object["config"]?.string ?? "?")' is a program's own function")
      }
      return "layer " + name
    }
    guard let name = setting.string else { throw KerasProblem("'activation' is \(setting)") }
    guard kinds[name] != nil || operators[name] != nil || composed.contains(name) else {
      throw KerasProblem.unsupported("its activation '\(name)' is not known")
    }
    return name
  }

  private static func prelu(_ conversion: inout KerasConversion, _ node: KerasNode) throws -> KerasValue {
    var input = try node.input()
    let slopes = try node.weight("alpha")
    let keras = input.kerasShape
    guard slopes.shape.rank == keras.count else { throw KerasProblem("its slopes do not fit its input") }
    let isByChannel = slopes.shape.dimensions.dropLast().allSatisfy { $0 == 1 } && input.order != .plain
    if keras.count == 1 || isByChannel {
      if case .flattened = input.order { input = try conversion.value(input, in: .plain) }
      let isShared = slopes.shape.count == 1 && input.shape[0] > 1
      return try conversion.elementwise(
        "prelu", input, ["shared": .bool(isShared)], tensors: ["slope": slopes.reshaped([slopes.shape.count])])
    }
    input = try conversion.value(input, in: .plain)
    let isFirst = slopes.shape.dimensions.dropFirst().allSatisfy { $0 == 1 }
    if isFirst, slopes.shape[0] == input.shape[0] || slopes.shape[0] == 1 {
      return try conversion.elementwise(
        "prelu", input, ["shared": .bool(slopes.shape.count == 1)],
        tensors: ["slope": slopes.reshaped([slopes.shape.count])])
    }
    return try conversion.onnx(
      "PRelu", version: 16, input, arguments: ["input", "constant"], constants: [slopes], shape: input.shape)
  }
}

extension KerasConversion {
  /// What the setting `activation` of a layer does to its output.
  ///
  /// - Parameter part: the activation's name behind the layer's; empty for a layer that is one itself.
  public mutating func activated(
    _ value: KerasValue, _ setting: ConfigurationValue?, part: String? = nil
  ) throws -> KerasValue {
    let name = try KerasActivations.name(setting)
    let own = part ?? name
    switch name {
    case "linear": return value
    case "softmax": return try softmax(value, part: own)
    case "log_softmax":
      let soft = try softmax(value, part: own)
      return try onnx("Log", part: own + "/log", version: 13, soft, shape: soft.shape)
    case "gelu": return try elementwise("gelu", part: own, value)
    case "leaky_relu": return try elementwise("leakyRelu", part: own, value, ["slope": 0.2])
    case "log_sigmoid":
      // −log(1 + exp(−x))
      let negative = try onnx("Neg", part: own + "/negative", version: 13, value, shape: value.shape)
      let soft = try onnx("Softplus", part: own + "/softplus", version: 1, negative, shape: value.shape)
      return try onnx("Neg", part: own, version: 13, soft, shape: value.shape)
    case "tanh_shrink":
      let bent = try elementwise("tanh", part: own + "/tanh", value)
      let (source, shape) = try add(
        "subtract", part: own, [value.source, bent.source], shapes: [value.shape, bent.shape])
      return KerasValue(source, shape: shape, order: value.order)
    case "hard_sigmoid" where version >= 3: return try elementwise("hardSigmoid", part: own, value)
    case "hard_sigmoid":
      return try onnx(
        "HardSigmoid", part: own, version: 6, value, attributes: ["alpha": 0.2, "beta": 0.5], shape: value.shape)
    default: break
    }
    if let kind = KerasActivations.kind(name) { return try elementwise(kind, part: own, value) }
    if let (operation, version, attributes) = KerasActivations.operation(name) {
      return try onnx(operation, part: own, version: version, value, attributes: attributes, shape: value.shape)
    }
    // A layer that stands where a name could.
    guard let object = setting?.object, let className = object["class_name"]?.string,
      let rule = KerasLayers.standard.rule(for: className), let node,
      try rule.weights(KerasSettings(object["config"]?.object ?? [:])).isEmpty
    else { throw KerasProblem.unsupported("its activation '\(name)' is not known") }
    let activation = KerasNode(
      className: className, name: part == "" ? node.name : "\(node.name)/\(className)",
      settings: KerasSettings(object["config"]?.object ?? [:]), inputs: [value], constants: [], constantPlaces: [],
      words: [], layerID: node.layerID, arrays: [:], use: node.use)
    return try nested(activation, by: rule)
  }

  /// Positive numbers with the sum 1, over Keras' last axis.
  mutating func softmax(_ value: KerasValue, part: String) throws -> KerasValue {
    // Layers look at the first axis.
    let rank = value.shape.count
    guard rank > 1, value.order == .plain else { return try elementwise("softmax", part: part, value) }
    return try elementwise("softmax", part: part, self.value(value, in: .channelsFirst))
  }

  /// The same over some of Keras' axes together, from 0 without the batch.
  mutating func softmax(_ value: KerasValue, part: String, axes: [Int]) throws -> KerasValue {
    let plain = try self.value(value, in: .plain)
    // All that is summed up lies along the first axis.
    let order = axes + plain.shape.indices.filter { !axes.contains($0) }
    let moved = try permuted(plain, order)
    let joined = axes.reduce(1) { $0 * plain.shape[$1] }
    let soft = try elementwise(
      "softmax", part: part, reshaped(moved, [joined, moved.shape.dropFirst(axes.count).reduce(1, *)], .plain))
    let back = order.indices.map { place in order.firstIndex(of: place) ?? place }
    return try permuted(reshaped(soft, moved.shape, .plain), back)
  }

  /// `most` where x ≥ most, x where x ≥ threshold, else slope·(x − threshold).
  mutating func rectified(
    _ value: KerasValue, most: Double?, slope: Double, threshold: Double
  ) throws -> KerasValue {
    switch (most, slope, threshold) {
    case (nil, 0, 0): return try elementwise("relu", value)
    case (6, 0, 0): return try elementwise("relu6", value)
    case (nil, _, 0): return try elementwise("leakyRelu", value, ["slope": .number(slope)])
    default:
      var configuration: KerasConfiguration = ["slope": .number(slope), "threshold": .number(threshold)]
      if let most { configuration["most"] = .number(most) }
      return try elementwise("thresholdedRelu", value, configuration)
    }
  }
}

extension KerasActivations {
  static func kind(_ name: String) -> String? { kinds[name] }

  static func operation(_ name: String) -> (name: String, version: Int, attributes: KerasConfiguration)? {
    operators[name]
  }
}
