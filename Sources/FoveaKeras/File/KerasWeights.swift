import FoveaCore

/// Which arrays of a file belong to which layer.
struct KerasWeights {
  /// For each layer's number, in the order in which Keras has them.
  private(set) var arrays: [Int: [HDF5Dataset]] = [:]
  private let layers: KerasLayers

  /// - Parameters:
  ///   - group: what holds the weights: of a `.keras` file the root, else `model_weights`.
  ///   - isByPlace: whether they are found by the classes' names (Keras 3's own format), and not by a list of names.
  init(_ model: KerasLayer, in group: HDF5Group, isByPlace: Bool, layers: KerasLayers) throws {
    self.layers = layers
    if isByPlace {
      try collect(model, in: group)
    } else {
      let names = try Self.texts("layer_names", of: group)
      for layer in model.layers where names.contains(layer.ownName) {
        let inner = try group.group(layer.ownName)
        // States of random numbers are no weights.
        let paths = try Self.texts("weight_names", of: inner).filter { !Self.isState($0) }
        guard paths.count <= 100_000 else { throw HDF5Error(inner.what, "it has too many weights") }
        try share(paths.map { try inner.dataset($0) }, to: layer)
      }
    }
  }

  private static func isState(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return name.hasPrefix("StateVar") || name.hasPrefix("seed_generator_state")
  }

  /// What does not fit into one attribute is shared out to several, with numbers behind the name.
  private static func texts(_ name: String, of group: HDF5Group) throws -> [String] {
    if let attribute = try group.attribute(name) { return try attribute.texts() }
    var texts: [String] = []
    for number in 0..<10_000 {
      guard let attribute = try group.attribute("\(name)\(number)") else { break }
      texts += try attribute.texts()
    }
    return texts
  }

  // MARK: - By names

  private struct Slot {
    let layer: KerasLayer
    let isTrained: Bool
  }

  private mutating func share(_ weights: [HDF5Dataset], to layer: KerasLayer) throws {
    guard !weights.isEmpty else { return }
    guard layer.isModel else {
      arrays[layer.id] = weights
      return
    }
    let slots = slots(of: layer, isTrained: true)
    guard slots.count == weights.count else {
      throw KerasProblem(
        "the model '\(layer.name)' in it has \(slots.count) weights by its layers, and \(weights.count) by its list")
    }
    // First all that training changes, then the rest, each in the order of the layers.
    let ordered = slots.filter(\.isTrained) + slots.filter { !$0.isTrained }
    // A layer's own order begins with what is trained, too.
    for (slot, weight) in zip(ordered, weights) { arrays[slot.layer.id, default: []].append(weight) }
  }

  private func slots(of layer: KerasLayer, isTrained: Bool) -> [Slot] {
    let trains: Bool
    if case .bool(false)? = layer.settings["trainable"] { trains = false } else { trains = isTrained }
    if layer.isModel { return layer.layers.flatMap { slots(of: $0, isTrained: trains) } }
    let weights = (try? layers.rule(for: layer.className)?.weights(layer.settings)) ?? []
    return weights.map { Slot(layer: layer, isTrained: trains && $0.isTrained) }
  }

  // MARK: - By place

  private mutating func collect(_ model: KerasLayer, in group: HDF5Group) throws {
    var folder: HDF5Group?
    // Versions between 2 and 3 named it otherwise.
    for name in ["layers", "_layer_checkpoint_dependencies"] where folder == nil {
      folder = try group.existingGroup(name)
    }
    guard let folder else { return }
    var numbers: [String: Int] = [:]
    for layer in model.layers {
      if layer.className == "InputLayer", case .sequential = model.body { continue }
      let plain = Self.snakeCase(layer.isModel ? Self.modelClass(layer) : layer.className)
      let number = numbers[plain, default: 0]
      numbers[plain] = number + 1
      guard let inner = try folder.existingGroup(number == 0 ? plain : "\(plain)_\(number)") else { continue }
      if layer.isModel {
        try collect(layer, in: inner)
      } else {
        arrays[layer.id] = try variables(of: layer, in: inner)
      }
    }
  }

  private func variables(of layer: KerasLayer, in group: HDF5Group) throws -> [HDF5Dataset]? {
    func all(_ group: HDF5Group) throws -> [HDF5Dataset]? {
      guard let variables = try group.existingGroup("vars") else { return nil }
      return try variables.names.indices.map { try variables.dataset("\($0)") }
    }
    // What its rule does not know is told when it is converted.
    let owners = (try? layers.rule(for: layer.className)?.weights(layer.settings).compactMap(\.owner)) ?? []
    guard !owners.isEmpty else { return try all(group) }
    var found: [HDF5Dataset] = []
    for (index, owner) in owners.enumerated() where !owners[..<index].contains(owner) {
      // Keras 2 says that it is the layer's own.
      let part = try group.existingGroup(owner) ?? group.existingGroup("_" + owner)
      found += try part.flatMap(all) ?? []
    }
    return found
  }

  private static func modelClass(_ layer: KerasLayer) -> String {
    // A class of a program's own would be by its own name.
    layer.className == "Model" ? "Functional" : layer.className
  }

  /// As Keras makes a name of a class's: `Conv2D` is `conv2d`, `PReLU` is `p_re_lu`.
  static func snakeCase(_ name: String) -> String {
    let text = Array(name.split(separator: ">").last.map(String.init) ?? name)
    func isLower(_ character: Character) -> Bool { character.isASCII && character.isLowercase }
    func isUpper(_ character: Character) -> Bool { character.isASCII && character.isUppercase }
    // "(.)([A-Z][a-z]+)" gets a '_' in between, and matches do not overlap; then "([a-z])([A-Z])".
    var first: [Character] = []
    var index = 0
    while index < text.count {
      if index + 2 < text.count, isUpper(text[index + 1]), isLower(text[index + 2]) {
        first += [text[index], "_", text[index + 1]]
        index += 2
        while index < text.count, isLower(text[index]) {
          first.append(text[index])
          index += 1
        }
      } else {
        first.append(text[index])
        index += 1
      }
    }
    var second: [Character] = []
    for (index, character) in first.enumerated() {
      if index > 0, isUpper(character), isLower(first[index - 1]) { second.append("_") }
      second.append(character)
    }
    return String(second).lowercased()
  }
}
