import FoveaCore
import FoveaModel

/// Goes through the layers of a file in the order in which they are computed, and makes layers of the toolkit of them.
struct KerasBuilder {
  struct Input {
    let port: KerasImport.Port
    /// Here, without the batch.
    let ownShape: Shape
    let open: Set<OpenExtent>
    var value: KerasValue {
      KerasValue(port.source, shape: ownShape.dimensions, order: port.hasChannelsLast ? .channelsFirst : .plain)
    }
  }

  private let source: KerasFile
  private let weights: KerasWeights
  private var conversion: KerasConversion
  private(set) var inputs: [Input] = []
  private(set) var outputs: [KerasImport.Port] = []
  /// What turned out to be unsupported only once its input was known.
  private(set) var unsupported: [UnsupportedKerasLayer] = []
  private(set) var leftOut: [String] = []
  private(set) var scalesPictures = false
  private var uses: [Int: Int] = [:]
  private var useCount = 0

  /// Of what the file leaves open.
  private static let usualSize = ImageSize(width: 224, height: 224)
  /// Layers in all, models in models and shared ones multiplied out.
  private static let mostUses = 10_000

  init(_ source: KerasFile, registry: Registry, inputSize: ImageSize?) throws {
    self.source = source
    weights = try KerasWeights(
      source.model, in: source.weights, isByPlace: source.isArchive, layers: source.layers)
    let hasChannelsFirst = try Self.hasChannelsFirst(source.model)
    inputs = try Self.inputs(of: source.model, hasChannelsFirst, inputSize ?? Self.usualSize)
    conversion = KerasConversion(
      registry: registry, inputs: inputs.map(\.port.source), hasChannelsFirst: hasChannelsFirst,
      version: source.version, flipsKernels: source.flipsKernels)
  }

  mutating func build() throws {
    let results = try apply(source.model, inputs.map(\.value))
    guard unsupported.isEmpty else { return }
    let names = Self.outputNames(of: source)
    for (index, result) in results.enumerated() {
      guard var value = result else { throw KerasProblem("an output of it is computed by nothing") }
      // Maps have the channels first here, whatever came before.
      let isImage = value.kerasShape.count == 3 && !conversion.hasChannelsFirst
      value = try conversion.value(value, in: isImage ? .channelsFirst : .plain)
      outputs.append(
        KerasImport.Port(
          name: index < names.count ? names[index] : value.source, source: value.source, shape: value.kerasShape,
          hasChannelsLast: isImage))
    }
    guard !outputs.isEmpty else { throw KerasProblem("it has no outputs") }
  }

  /// Keras names an output by its layer; where that has several, numbers follow.
  static func outputNames(of source: KerasFile) -> [String] {
    switch source.model.body {
    case .functional(_, _, let references):
      var taken = Set<String>()
      return references.map { reference in
        var (name, number) = (reference.layer, 1)
        while !taken.insert(name).inserted {
          name = "\(reference.layer)_\(number)"
          number += 1
        }
        return name
      }
    default: return [source.model.layers.last?.ownName ?? "output"]
    }
  }

  // MARK: - Inputs

  private static func hasChannelsFirst(_ layer: KerasLayer) throws -> Bool {
    try layer.isModel ? layer.layers.contains(where: hasChannelsFirst) : !layer.settings.hasChannelsLast
  }

  /// The input that a sequence of layers begins with.
  private static func first(_ model: KerasLayer) -> (name: String, shape: [Int?])? {
    if case .sequential(let layers) = model.body, let first = layers.first {
      if first.className == "InputLayer", let shape = first.inputShape { return (first.ownName, shape) }
      let inner = first.isModel ? Self.first(first)?.shape : first.inputShape
      return (inner ?? model.inputShape).map { (first.ownName + "_input", $0) }
    }
    if case .functional(let layers, let inputs, _) = model.body, let name = inputs.first?.layer,
      let input = layers.first(where: { $0.ownName == name }), let shape = input.inputShape
    {
      return (name, shape)
    }
    return nil
  }

  private static func inputs(
    of model: KerasLayer, _ hasChannelsFirst: Bool, _ size: ImageSize
  ) throws -> [Input] {
    var given: [(name: String, shape: [Int?])] = []
    if case .functional(let layers, let references, _) = model.body {
      let byName = Dictionary(layers.map { ($0.ownName, $0) }) { first, _ in first }
      for reference in references {
        guard let shape = byName[reference.layer]?.inputShape else {
          throw KerasProblem("the shape of its input '\(reference.layer)' is not in the file")
        }
        given.append((reference.layer, shape))
      }
    } else if let first = first(model) {
      given = [first]
    }
    guard !given.isEmpty else {
      throw KerasProblem.unsupported("the shape of its input is not in the file; build the model before it is saved")
    }
    let names = FileNaming.fileNames(for: given.map(\.name)).map {
      String($0.map { KerasConversion.isPlain($0) ? $0 : "_" }.suffix(200))
    }
    return try zip(given, names).map { input, name in
      var shape = Array(input.shape.dropFirst())
      guard !shape.isEmpty else { throw KerasProblem("its input '\(input.name)' has no axes") }
      let isImage = shape.count == 3
      let rows = isImage ? (hasChannelsFirst ? 1 : 0) : 0
      var open: Set<OpenExtent> = []
      if isImage {
        if shape[rows] == nil { open.insert(.height) }
        if shape[rows + 1] == nil { open.insert(.width) }
        shape[rows] = shape[rows] ?? size.height
        shape[rows + 1] = shape[rows + 1] ?? size.width
      }
      let known = try shape.map { extent in
        guard let extent else {
          throw KerasProblem.unsupported(
            "its input '\(input.name)' is open in more than height and width; save the model for a fixed size")
        }
        return extent
      }
      let isMoved = isImage && !hasChannelsFirst
      let own = isMoved ? [known[2], known[0], known[1]] : known
      guard let ownShape = try? Shape(checking: own), ownShape.rank < Shape.mostAxes else {
        throw KerasProblem("its input '\(input.name)' has more axes, or larger ones, than there may be: \(known)")
      }
      return Input(
        port: KerasImport.Port(name: input.name, source: name, shape: known, hasChannelsLast: isMoved),
        ownShape: ownShape, open: open)
    }
  }

  // MARK: - Layers

  /// - Returns: nil for what follows from an unsupported layer.
  private mutating func apply(_ layer: KerasLayer, _ inputs: [KerasValue?]) throws -> [KerasValue?] {
    switch layer.body {
    case .layer:
      return [try convert(layer, inputs, KerasCall(inputs: [], constants: [], constantPlaces: [], words: []))]
    case .sequential(let layers):
      var values = inputs
      for inner in layers where inner.className != "InputLayer" { values = try apply(inner, values) }
      return values
    case .functional(let layers, let references, let outputs):
      return try functional(layers, references, outputs, inputs)
    }
  }

  private mutating func functional(
    _ layers: [KerasLayer], _ references: [KerasReference], _ outputs: [KerasReference], _ inputs: [KerasValue?]
  ) throws -> [KerasValue?] {
    guard references.count == inputs.count else {
      throw KerasProblem("a model in it has \(references.count) inputs, and is used with \(inputs.count)")
    }
    let inner = Dictionary(layers.filter(\.isModel).map { ($0.ownName, $0) }) { first, _ in first }
    func place(_ reference: KerasReference, isOutput: Bool = false) -> KerasReference {
      inner[reference.layer].map { reference.counted(in: $0, version: source.version, isOutput: isOutput) } ?? reference
    }
    var values: [KerasReference: KerasValue?] = [:]
    for (reference, input) in zip(references, inputs) { values[reference] = input }
    struct Use {
      let layer: KerasLayer
      let call: KerasCall
      let number: Int
      var missing = 0
    }
    var uses: [Use] = []
    // Which uses wait for a value.
    var waiting: [KerasReference: [Int]] = [:]
    var ready: [Int] = []
    for layer in layers where layer.className != "InputLayer" {
      for (number, call) in layer.calls.enumerated() {
        var use = Use(layer: layer, call: call, number: number)
        for input in Set(call.inputs.map { place($0) }) where values[input] == nil {
          waiting[input, default: []].append(uses.count)
          use.missing += 1
        }
        if use.missing == 0 { ready.append(uses.count) }
        uses.append(use)
      }
    }
    // In the order of the file, as far as that is one of computation.
    ready.reverse()
    while let index = ready.popLast() {
      let use = uses[index]
      let given = use.call.inputs.map { values[place($0)] ?? nil }
      let results: [KerasValue?]
      if use.layer.isModel {
        results = try apply(use.layer, given)
      } else {
        results = [
          try convert(use.layer, given, use.call)
        ]
      }
      for (output, result) in results.enumerated() {
        let reference = KerasReference(layer: use.layer.ownName, call: use.number, output: output)
        values[reference] = .some(result)
        for waiter in (waiting.removeValue(forKey: reference) ?? []).reversed() {
          uses[waiter].missing -= 1
          if uses[waiter].missing == 0 { ready.append(waiter) }
        }
      }
    }
    return try outputs.map { output in
      guard let value = values[place(output, isOutput: true)] else {
        throw KerasProblem("the output '\(output.layer)' does not follow from the inputs")
      }
      return value
    }
  }

  private mutating func convert(
    _ layer: KerasLayer, _ inputs: [KerasValue?], _ call: KerasCall
  ) throws -> KerasValue? {
    let values = inputs.compactMap { $0 }
    guard values.count == inputs.count else { return nil }
    guard let rule = source.layers.rule(for: layer.className) else { return nil }
    let use = uses[layer.id, default: 0]
    uses[layer.id] = use + 1
    useCount += 1
    guard useCount <= Self.mostUses else { throw KerasProblem("it has too many layers") }
    do {
      if let word = call.words.first(where: { !rule.words.contains($0) }) {
        throw KerasProblem.unsupported("it is called with '\(word)'")
      }
      let expected = try rule.weights(layer.settings)
      let arrays = weights.arrays[layer.id] ?? []
      guard arrays.count == expected.count else {
        throw KerasProblem(
          "it needs \(expected.count.counted("weight")) (\(expected.map(\.name).joined(separator: ", "))), but the file has "
            + "\(arrays.count)")
      }
      let node = KerasNode(
        className: layer.className, name: use == 0 ? layer.name : "\(layer.name)/\(use + 1)", settings: layer.settings,
        inputs: values, constants: call.constants, constantPlaces: call.constantPlaces, words: call.words,
        layerID: layer.id,
        arrays: Dictionary(zip(expected.map(\.name), arrays)) { first, _ in first }, use: use)
      let result = try conversion.convert(node, by: rule)
      if result == values.first, use == 0 { leftOut.append(layer.name) }
      if ["Rescaling", "Normalization"].contains(layer.className),
        self.inputs.contains(where: { $0.port.source == values.first?.source })
      {
        scalesPictures = true
      }
      return result
    } catch let problem as KerasProblem where problem.isUnsupported {
      note(layer, problem.text)
      return nil
    } catch let problem as KerasProblem {
      throw failure(layer, problem.text)
    } catch let error as HDF5Error {
      throw error
    } catch let error as FileError {
      throw error
    } catch {
      throw failure(layer, "\(error)")
    }
  }

  private func failure(_ layer: KerasLayer, _ problem: String) -> KerasError {
    .layer(file: source.path, name: layer.name, className: layer.className, problem: problem)
  }

  private mutating func note(_ layer: KerasLayer, _ reason: String) {
    let index = unsupported.firstIndex { $0.className == layer.className && $0.reason == reason }
    if let index {
      unsupported[index].names.append(layer.name)
    } else {
      unsupported.append(UnsupportedKerasLayer(className: layer.className, reason: reason, names: [layer.name]))
    }
  }

  // MARK: - What is used

  /// The layers that outputs follow from, and their tensors: a model in the model may have outputs that nobody looks at.
  ///
  /// - Returns: also which layers hold for the inputs' sizes only.
  func used() -> (layers: [LayerDescription], tensors: [String: Tensor], sized: Set<String>) {
    var wanted = Set(outputs.map(\.source))
    var kept: [LayerDescription] = []
    for layer in conversion.layers.reversed() where wanted.contains(layer.name ?? "") {
      wanted.formUnion(layer.inputs ?? [])
      if let owner = layer.weights { wanted.insert(owner) }
      kept.append(layer)
    }
    let names = Set(kept.compactMap(\.name))
    let tensors = conversion.tensors.filter { name, _ in
      // No parameter's name has a point.
      name.lastIndex(of: ".").map { names.contains(String(name[..<$0])) } ?? false
    }
    return (kept.reversed(), tensors, conversion.sized)
  }
}
