import FoveaCore

/// Turns what is written into a ``ModelDescription``, strictly: nothing that is written is passed over.
struct DescriptionReader {
  let source: String

  func model(_ node: DescriptionNode) throws(DescriptionError) -> ModelDescription {
    var keys = try Keys(node, of: "a model description", reader: self)
    let name = try text(keys.require("name"), "'name'")
    let inputs = try inputs(&keys)
    var blocks = try BlockReader(keys.take("blocks"), inputs: inputs, reader: self)
    let layers = try blocks.layers(nodes(keys.require("layers"), "'layers'"))
    let preprocessing = try steps(&keys, "preprocessing")
    let outputs = try outputs(&keys).map(blocks.resolved)
    try keys.expectNoMore(
      known: [
        "name", "input", "inputs", "blocks", "layers", "outputs", "loss", "preprocessing", "postprocessing", "labels",
      ])
    return ModelDescription(name: name, inputs: inputs, layers: layers, outputs: outputs, preprocessing: preprocessing)
  }

  /// `input: [1, 28, 28]`, or `{shape: [1, 28, 28], open: [height, width]}`, or a list of such groups with a name for each.
  private func inputs(_ keys: inout Keys) throws(DescriptionError) -> [InputDescription] {
    guard let node = keys.take("inputs") else {
      let node = try keys.require("input")
      guard case .group = node.content else { return [InputDescription(shape: try shape(node))] }
      var own = try Keys(node, of: "the input", reader: self)
      let input = try input(&own, name: nil)
      try own.expectNoMore(known: ["shape", "open"])
      return [input]
    }
    return try list(node, "'inputs'") { node throws(DescriptionError) in
      var keys = try Keys(node, of: "an input", reader: self)
      let name = try text(keys.require("name"), "an input's 'name'")
      let input = try input(&keys, name: name)
      try keys.expectNoMore(known: ["name", "shape", "open"])
      return input
    }
  }

  private func input(_ keys: inout Keys, name: String?) throws(DescriptionError) -> InputDescription {
    let shape = try shape(keys.require("shape"))
    let open = try keys.take("open").map { node throws(DescriptionError) in
      try list(node, "an input's 'open'") { node throws(DescriptionError) -> OpenExtent in
        guard let extent = word(node).flatMap({ OpenExtent(rawValue: $0) }) else {
          throw failure(node, "each of an input's 'open' must be height or width, but one is \(node.noun)")
        }
        return extent
      }
    }
    return InputDescription(name: name, shape: shape, open: Set(open ?? []))
  }

  /// The keys of the one output, or a list with those of each.
  private func outputs(_ keys: inout Keys) throws(DescriptionError) -> [OutputDescription] {
    guard let node = keys.take("outputs") else { return [try output(&keys, layer: nil)] }
    return try list(node, "'outputs'") { node throws(DescriptionError) in
      if let word = word(node) { return OutputDescription(word) }
      var keys = try Keys(node, of: "an output", reader: self)
      let layer = try text(keys.require("layer"), "an output's 'layer'")
      let output = try output(&keys, layer: layer)
      try keys.expectNoMore(known: ["layer", "loss", "weight", "postprocessing", "labels"])
      return output
    }
  }

  private func output(_ keys: inout Keys, layer: String?) throws(DescriptionError) -> OutputDescription {
    var output = OutputDescription(layer)
    output.loss = try keys.take("loss").map { node throws(DescriptionError) in try kind(node, "the loss") }
    if layer != nil, let node = keys.take("weight") { output.weight = try number(node, "an output's 'weight'") }
    output.postprocessing = try steps(&keys, "postprocessing")
    output.labels = try keys.take("labels").map { node throws(DescriptionError) in
      let labels = try list(node, "'labels'") { node throws(DescriptionError) in try label(node) }
      if let (place, label) = labels.enumerated().first(where: { labels.firstIndex(of: $0.element) != $0.offset }) {
        throw failure(
          node, "label \(place + 1) of 'labels', '\(label.printable)', is there before; each must be another one")
      }
      return labels
    }
    return output
  }

  private func number(_ node: DescriptionNode, _ what: String) throws(DescriptionError) -> Double {
    switch node.content {
    case .scalar(.integer(let number)): return Double(number)
    case .scalar(.number(let number)): return number
    default: throw failure(node, "\(what) must be a number, but is \(node.noun)")
    }
  }

  private func steps(_ keys: inout Keys, _ key: String) throws(DescriptionError) -> [KindDescription] {
    guard let node = keys.take(key) else { return [] }
    return try list(node, "'\(key)'") { node throws(DescriptionError) in try kind(node, "a step of '\(key)'") }
  }

  func layer(_ node: DescriptionNode) throws(DescriptionError) -> LayerDescription {
    if let word = word(node) { return LayerDescription(kind: word) }
    var keys = try Keys(node, of: "a layer", reader: self)
    let name = try keys.take("name").map { node throws(DescriptionError) in try text(node, "a layer's 'name'") }
    let kind = try text(keys.require("kind"), "a layer's 'kind'")
    let inputs = try keys.take("inputs").map { node throws(DescriptionError) in
      try list(node, "a layer's 'inputs'") { node throws(DescriptionError) in try text(node, "each of 'inputs'") }
    }
    let weights = try keys.take("weights").map { node throws(DescriptionError) in
      try text(node, "a layer's 'weights', which another layer lends it,")
    }
    return LayerDescription(name: name, kind: kind, inputs: inputs, weights: weights, configuration: keys.rest)
  }

  private func kind(_ node: DescriptionNode, _ what: String) throws(DescriptionError) -> KindDescription {
    if let word = word(node) { return KindDescription(kind: word) }
    var keys = try Keys(node, of: what, reader: self)
    let kind = try text(keys.require("kind"), "the 'kind' of \(what)")
    return KindDescription(kind: kind, configuration: keys.rest)
  }

  /// What has nothing to set may be written as its kind alone: `- relu`.
  func word(_ node: DescriptionNode) -> String? {
    guard case .scalar(.string(let word)) = node.content else { return nil }
    return word
  }

  func text(_ node: DescriptionNode, _ what: String) throws(DescriptionError) -> String {
    guard let text = word(node), !text.isEmpty else {
      throw failure(node, "\(what) must be a text, but is \(node.noun)")
    }
    return text
  }

  private func label(_ node: DescriptionNode) throws(DescriptionError) -> String {
    switch node.content {
    case .scalar(.string(let text)): return text
    case .scalar(.integer(let number)): return String(number)
    default: throw failure(node, "each of 'labels' must be a text, but one is \(node.noun); put it in quotes")
    }
  }

  private func shape(_ node: DescriptionNode) throws(DescriptionError) -> Shape {
    let extents = try list(node, "'input'") { node throws(DescriptionError) -> Int in
      guard case .scalar(.integer(let extent)) = node.content else {
        throw failure(node, "'input' must be whole numbers [channels, height, width], but one is \(node.noun)")
      }
      return extent
    }
    do { return try Shape(checking: extents) } catch { throw failure(node, "'input': \(error)") }
  }

  private func list<Element>(
    _ node: DescriptionNode, _ what: String, _ element: (DescriptionNode) throws(DescriptionError) -> Element
  ) throws(DescriptionError) -> [Element] {
    try nodes(node, what).map(element)
  }

  func nodes(_ node: DescriptionNode, _ what: String) throws(DescriptionError) -> [DescriptionNode] {
    guard case .list(let nodes) = node.content else {
      throw failure(node, "\(what) must be a list, but is \(node.noun)")
    }
    return nodes
  }

  func failure(_ node: DescriptionNode, _ problem: String) -> DescriptionError {
    DescriptionError(source: source, line: node.line, problem: problem)
  }
}

extension DescriptionReader {
  /// The keys of one group, taken out one by one, so that what nobody knows is left over.
  struct Keys {
    private let node: DescriptionNode
    private let what: String
    private let reader: DescriptionReader
    private(set) var members: [(key: String, value: DescriptionNode)]

    init(_ node: DescriptionNode, of what: String, reader: DescriptionReader) throws(DescriptionError) {
      guard case .group(let members) = node.content else {
        throw reader.failure(node, "\(what) must be a group of keys, but is \(node.noun)")
      }
      self.node = node
      self.what = what
      self.reader = reader
      self.members = members
    }

    /// Nil where the key is missing or stands there without a value.
    mutating func take(_ key: String) -> DescriptionNode? {
      guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
      let node = members.remove(at: index).value
      if case .scalar(.null) = node.content { return nil }
      return node
    }

    mutating func require(_ key: String) throws(DescriptionError) -> DescriptionNode {
      guard let value = take(key) else {
        let alike = Spelling.nearest(to: key, among: members.map(\.key)).map { "; was '\($0)' meant to be it?" } ?? ""
        throw reader.failure(node, "\(what) needs the key '\(key)'\(alike)")
      }
      return value
    }

    var rest: [String: ConfigurationValue] {
      Dictionary(members.map { ($0.key, $0.value.value) }) { $1 }
    }

    func expectNoMore(known: [String]) throws(DescriptionError) {
      guard let (key, value) = members.first else { return }
      let hint = Spelling.nearest(to: key, among: known).map { "did you mean '\($0)'?" }
      throw reader.failure(
        value, "\(what) has no key '\(key)'; \(hint ?? "its keys: \(known.joined(separator: ", "))")")
    }
  }
}

extension Optional where Wrapped == DescriptionNode {
  fileprivate func map<T>(
    _ transform: (DescriptionNode) throws(DescriptionError) -> T
  ) throws(DescriptionError) -> T? {
    guard let self else { return nil }
    return try transform(self)
  }
}
