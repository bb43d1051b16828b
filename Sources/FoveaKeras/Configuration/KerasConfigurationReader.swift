import FoveaCore

/// Reads the layers of a model's configuration, of any of Keras' versions.
struct KerasConfigurationReader {
  private var count = 0

  /// As many as a description may have.
  private static let mostLayers = 10_000
  private static let mostDepth = 16

  private init() {}

  /// - Parameter value: `{class_name, config}`.
  /// - Throws: ``KerasProblem`` where it is no model.
  static func model(_ value: ConfigurationValue) throws -> KerasLayer {
    var reader = KerasConfigurationReader()
    let model = try reader.layer(value, within: nil, depth: 0)
    guard model.isModel else {
      throw KerasProblem.unsupported(
        "it holds a '\(model.className)' of a program's own, whose layers are known to that program only; "
          + "save a Sequential or a Functional model")
    }
    return model
  }

  private static func text(_ object: [String: ConfigurationValue], _ key: String) throws -> String {
    guard let text = object[key]?.string else { throw KerasProblem("its configuration has a layer without '\(key)'") }
    return text
  }

  private mutating func layer(_ value: ConfigurationValue, within outer: String?, depth: Int) throws -> KerasLayer {
    guard let object = value.object else { throw KerasProblem("its configuration holds a layer that is none") }
    guard depth <= Self.mostDepth else { throw KerasProblem("its models lie in each other too deeply") }
    let id = count
    count += 1
    guard count <= Self.mostLayers else { throw KerasProblem("it has more than \(Self.mostLayers) layers") }
    let className = try Self.text(object, "class_name")
    let configuration = object["config"] ?? .object([:])
    // Keras 1 writes the layers of a sequential model alone.
    let settings = configuration.object ?? [:]
    let ownName = settings["name"]?.string ?? object["name"]?.string ?? "\(className.lowercased())_\(id)"
    let name = outer.map { $0.isEmpty ? ownName : $0 + "/" + ownName } ?? ""
    let body: KerasLayer.Body
    let inner = depth == 0 ? "" : name
    if let list = configuration.list ?? (className == "Sequential" ? settings["layers"]?.list : nil) {
      body = .sequential(try layers(list, within: inner, depth: depth))
    } else if let list = settings["layers"]?.list, let inputs = settings["input_layers"],
      let outputs = settings["output_layers"]
    {
      body = .functional(
        try layers(list, within: inner, depth: depth), inputs: try Self.references(inputs),
        outputs: try Self.references(outputs))
    } else {
      body = .layer
    }
    let calls = try (object["inbound_nodes"]?.list ?? []).map(Self.call)
    let shape =
      settings["batch_shape"] ?? settings["batch_input_shape"] ?? settings["build_input_shape"]
      ?? object["build_config"]?.object?["input_shape"]
    return KerasLayer(
      id: id, className: className, ownName: ownName, name: name, settings: KerasSettings(settings),
      body: body, calls: calls, inputShape: try shape.flatMap(Self.shape))
  }

  private mutating func layers(
    _ list: [ConfigurationValue], within name: String, depth: Int
  ) throws -> [KerasLayer] {
    let layers = try list.map { try layer($0, within: name, depth: depth + 1) }
    var names = Set<String>()
    for layer in layers where !names.insert(layer.ownName).inserted {
      throw KerasProblem("two layers of it are named '\(layer.ownName)'")
    }
    return layers
  }

  private static func shape(_ value: ConfigurationValue) throws -> [Int?]? {
    guard let list = value.list else { return nil }
    var shape: [Int?] = []
    for extent in list {
      switch extent {
      case .null: shape.append(nil)
      default:
        // Of several inputs, there are lists in the list.
        guard let number = extent.wholeNumber else { return nil }
        guard number > 0, number <= 1 << 24 else { throw KerasProblem("an input of it has an extent of \(number)") }
        shape.append(number)
      }
    }
    return shape
  }

  /// `["name", 0, 0]`, a list of these, or a dictionary of them.
  private static func references(_ value: ConfigurationValue) throws -> [KerasReference] {
    if let reference = reference(value) { return [reference] }
    if let list = value.list { return try list.flatMap { try references($0) } }
    if let object = value.object { return try object.sorted { $0.key < $1.key }.flatMap { try references($0.value) } }
    throw KerasProblem("its configuration names an input or an output that is none")
  }

  private static func reference(_ value: ConfigurationValue) -> KerasReference? {
    guard let list = value.list, list.count >= 3, let name = list[0].string, let call = list[1].wholeNumber,
      let output = list[2].wholeNumber, call >= 0, output >= 0
    else { return nil }
    return KerasReference(layer: name, call: call, output: output)
  }

  private static func call(_ value: ConfigurationValue) throws -> KerasCall {
    var (inputs, constants, places) = ([KerasReference](), [ConfigurationValue](), [Int]())
    var words: [String] = []
    func collect(_ value: ConfigurationValue) throws {
      if value == .null { return }
      if let object = value.object {
        // Keras 3: {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, output]}}
        if object["class_name"]?.string == "__keras_tensor__" {
          guard let history = object["config"]?.object?["keras_history"], let reference = reference(history) else {
            throw KerasProblem("its configuration has an input that comes from nowhere")
          }
          inputs.append(reference)
          return
        }
        places.append(inputs.count)
        constants.append(value)
      } else if let list = value.list {
        if let reference = reference(value) {
          inputs.append(reference)
          // Keras 1 and 2: ["name", call, output, {"axis": 1}]
          for (name, extra) in (list.count > 3 ? list[3].object ?? [:] : [:]).sorted(by: { $0.key < $1.key }) {
            try argument(name, extra)
          }
        } else {
          for element in list { try collect(element) }
        }
      } else {
        places.append(inputs.count)
        constants.append(value)
      }
    }
    /// By name: 'training' is of no use here.
    func argument(_ name: String, _ value: ConfigurationValue) throws {
      let count = inputs.count
      if case .bool(let isOn) = value {
        if isOn, name != "training" { words.append(name) }
        return
      }
      try collect(value)
      if inputs.count > count { words.append(name) }
    }
    if let object = value.object {
      try collect(object["args"] ?? .array([]))
      for (name, value) in (object["kwargs"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
        try argument(name, value)
      }
    } else {
      try collect(value)
    }
    return KerasCall(inputs: inputs, constants: constants, constantPlaces: places, words: words)
  }
}
