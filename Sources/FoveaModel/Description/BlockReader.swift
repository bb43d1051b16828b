import FoveaCore

/// Puts the layers of blocks where a description uses them by name: `{name: layer1, block: residual, repeat: 2, filters: 64}`.
///
/// The name of a use stands before those of its layers, with a point between; where a block is repeated, with its number, from 0:
/// `layer1.0.conv1`. The use's name, and each repetition's, stands for its last layer where another layer names its inputs.
struct BlockReader {
  private let reader: DescriptionReader
  private let blocks: [String: Block]
  private let modelInput: String?
  private var used = Set<String>()
  private var count = 0
  private var nodeCount = 0
  private var uses: [String: String] = [:]

  /// As many as a model may have.
  private static let mostLayers = 10_000
  /// Pieces of layers that are filled in; a few dozen are usual for each.
  private static let mostNodes = 1_000_000
  /// Blocks in blocks in blocks.
  private static let deepestNesting = 8

  /// - Parameter node: the group under `blocks`; nil where there is none.
  init(
    _ node: DescriptionNode?, inputs: [InputDescription], reader: DescriptionReader
  ) throws(DescriptionError) {
    self.reader = reader
    modelInput = inputs.count == 1 ? inputs[0].name : nil
    var blocks: [String: Block] = [:]
    if let node {
      for (name, value) in try DescriptionReader.Keys(node, of: "'blocks'", reader: reader).members {
        blocks[name] = try Block(name, value, reader)
      }
    }
    self.blocks = blocks
  }

  /// Where layers are put: in the model, or in a block.
  private struct Place {
    /// The block and its parameters; nil in the model itself.
    var block: Block?
    var values: [String: DescriptionNode] = [:]
    /// What stands before names, with a point; empty for nothing.
    var prefix = ""
    /// The full name of what comes into the block; nil where that has none.
    var input: String?
    var depth = 0
    /// The full names of the layers of this place, and of the last ones of the blocks in it.
    var names: [String: String] = [:]
    var numbers: [String: Int] = [:]
  }

  /// The layers of the model.
  mutating func layers(_ nodes: [DescriptionNode]) throws(DescriptionError) -> [LayerDescription] {
    var place = Place(input: modelInput)
    let layers = try layers(nodes, in: &place)
    uses = place.names
    if let unused = blocks.keys.sorted().first(where: { !used.contains($0) }) {
      throw DescriptionError(
        source: reader.source, line: nil,
        problem: "nothing uses the block '\(unused.printable)'; name it under 'block', or remove it")
    }
    return layers
  }

  /// An output that names a block is that of its last layer.
  func resolved(_ output: OutputDescription) -> OutputDescription {
    var output = output
    output.layer = output.layer.map { uses[$0] ?? $0 }
    return output
  }

  private mutating func layers(
    _ nodes: [DescriptionNode], in place: inout Place
  ) throws(DescriptionError) -> [LayerDescription] {
    var result: [LayerDescription] = []
    for node in nodes {
      var filled = node
      if let block = place.block {
        nodeCount += node.size
        guard nodeCount <= Self.mostNodes else {
          throw reader.failure(node, "the block '\(block.name)' is too large to be used so often")
        }
        filled = try block.filledIn(node, place.values, reader)
      }
      if case .group(let members) = filled.content, members.contains(where: { $0.key == "block" }) {
        result += try uses(filled, after: result, in: &place)
      } else {
        result.append(try layer(filled, in: &place))
      }
      // Without blocks, whoever makes the model of them says so.
      guard count <= Self.mostLayers || blocks.isEmpty else {
        throw reader.failure(node, "there are more than \(Self.mostLayers) layers, all blocks counted")
      }
    }
    return result
  }

  private mutating func layer(
    _ node: DescriptionNode, in place: inout Place
  ) throws(DescriptionError) -> LayerDescription {
    var layer = try reader.layer(node)
    count += 1
    layer.inputs = try layer.inputs?.map { name throws(DescriptionError) in try source(name, node, place) }
    layer.weights = try layer.weights.map { name throws(DescriptionError) in try source(name, node, place) }
    guard place.block != nil else {
      if let name = layer.name { place.names[name] = name }
      return layer
    }
    if layer.name == nil, !place.prefix.isEmpty {
      try checkLength(layer.kind, "a layer's 'kind'", node)
      place.numbers[layer.kind, default: 0] += 1
      layer.name = "\(layer.kind)\(place.numbers[layer.kind, default: 0])"
    }
    if let name = layer.name {
      let full = place.prefix + name
      try checkLength(full, "a layer's full name", node)
      layer.name = full
      place.names[name] = full
    }
    return layer
  }

  /// Names are put together for each repetition, so that long ones must be refused before.
  private func checkLength(_ name: String, _ what: String, _ node: DescriptionNode) throws(DescriptionError) {
    let most = GraphBuilder.longestName
    guard name.utf8.count <= most else {
      throw reader.failure(node, "\(what) must have at most \(most) bytes, but has \(name.utf8.count)")
    }
  }

  /// The full name of what a layer calls so.
  private func source(
    _ name: String, _ node: DescriptionNode, _ place: Place
  ) throws(DescriptionError) -> String {
    guard let block = place.block else { return place.names[name] ?? name }
    if name == "$\(Block.input)" {
      guard let input = place.input else {
        throw reader.failure(
          node, "the block '\(block.name)' names its input, '$input', but the layer before it has no name; give it one")
      }
      return input
    }
    // Of a layer with several outputs: `split:1`.
    let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if let full = place.names[name] { return full }
    if parts.count == 2, let full = place.names[parts[0]] {
      try checkLength(parts[1], "what stands behind ':' in the name of an output", node)
      return "\(full):\(parts[1])"
    }
    let hint = Spelling.nearest(to: name, among: place.names.keys).map { "; did you mean '\($0)'?" } ?? ""
    throw reader.failure(
      node, "the block '\(block.name)': no layer before it in the block is named '\(name.printable)'\(hint)")
  }

  /// The layers of a block, as often as a use wants them.
  private mutating func uses(
    _ node: DescriptionNode, after before: [LayerDescription], in place: inout Place
  ) throws(DescriptionError) -> [LayerDescription] {
    var keys = try DescriptionReader.Keys(node, of: "a use of a block", reader: reader)
    let blockNode = try keys.require("block")
    let name = try keys.take("name").map { node throws(DescriptionError) in
      try reader.text(node, "the 'name' of a use of a block")
    }
    if let name { try checkLength(name, "the 'name' of a use of a block", node) }
    let repeats = try keys.take("repeat").map { node throws(DescriptionError) in try number(node) } ?? 1
    let first = try keys.take("first").map { node throws(DescriptionError) in
      try DescriptionReader.Keys(node, of: "'first' of a use of a block", reader: reader).members
    }
    let inputs = try keys.take("inputs").map { node throws(DescriptionError) in
      try reader.nodes(node, "'inputs' of a use of a block")
    }
    guard name != nil || repeats == 1 else {
      throw reader.failure(node, "what is repeated needs a 'name', before which the numbers come")
    }
    guard first == nil || repeats > 1 else {
      throw reader.failure(node, "'first' is for what is repeated; write its keys beside 'block' instead")
    }
    var input = before.isEmpty ? place.input : before[before.count - 1].name
    if let inputs {
      guard inputs.count == 1 else {
        throw reader.failure(node, "a block takes one input, but 'inputs' names \(inputs.count)")
      }
      input = try source(reader.text(inputs[0], "each of 'inputs'"), inputs[0], place)
    }
    var result: [LayerDescription] = []
    for index in 0..<repeats {
      var own = keys.members
      var block = blockNode
      for member in index == 0 ? first ?? [] : [] {
        if member.key == "block" {
          block = member.value
        } else if let place = own.firstIndex(where: { $0.key == member.key }) {
          own[place].value = member.value
        } else {
          own.append(member)
        }
      }
      let full = name.map { repeats == 1 ? $0 : "\($0).\(index)" }
      var made = try self.use(self.block(block), own, node, named: full, input: input, &place)
      if index == 0, inputs != nil, made.first?.inputs == nil { made[0].inputs = input.map { [$0] } }
      result += made
      input = result.last?.name
    }
    if let name, let last = result.last?.name { place.names[name] = last }
    return result
  }

  private mutating func use(
    _ block: Block, _ given: [(key: String, value: DescriptionNode)], _ node: DescriptionNode, named name: String?,
    input: String?, _ outer: inout Place
  ) throws(DescriptionError) -> [LayerDescription] {
    var values: [String: DescriptionNode] = [:]
    for parameter in block.parameters {
      guard let value = given.first(where: { $0.key == parameter.name })?.value ?? parameter.value else {
        throw reader.failure(node, "the block '\(block.name)' needs the parameter '\(parameter.name)'")
      }
      try Block.check(value, "the parameter '\(parameter.name)' of the block '\(block.name)'", reader)
      values[parameter.name] = value
    }
    if let (key, value) = given.first(where: { key, _ in values[key] == nil }) {
      let known = block.parameters.map(\.name)
      let hint = Spelling.nearest(to: key, among: known).map { "did you mean '\($0)'?" }
      throw reader.failure(
        value,
        "the block '\(block.name)' has no parameter '\(key.printable)'; "
          + (hint ?? (known.isEmpty ? "it has none" : "its parameters: \(known.joined(separator: ", "))")))
    }
    guard outer.depth < Self.deepestNesting else {
      throw reader.failure(
        node,
        "the block '\(block.name)' stands in itself, or blocks are more than \(Self.deepestNesting) deep in each other")
    }
    used.insert(block.name)
    var place = Place(
      block: block, values: values, prefix: outer.prefix + (name.map { "\($0)." } ?? ""), input: input,
      depth: outer.depth + 1)
    // Without a name of its own, a block's layers are those of the place where it stands.
    if name == nil { place.numbers = outer.numbers }
    let layers = try layers(block.layers, in: &place)
    if let name {
      if let last = layers.last?.name { outer.names[name] = last }
    } else {
      outer.names.merge(place.names) { $1 }
      outer.numbers = place.numbers
    }
    return layers
  }

  private func block(_ node: DescriptionNode) throws(DescriptionError) -> Block {
    let name = try reader.text(node, "'block'")
    guard let block = blocks[name] else {
      let hint = Spelling.nearest(to: name, among: blocks.keys).map { "; did you mean '\($0)'?" } ?? ""
      throw reader.failure(node, "there is no block '\(name.printable)' under 'blocks'\(hint)")
    }
    return block
  }

  private func number(_ node: DescriptionNode) throws(DescriptionError) -> Int {
    guard case .scalar(.integer(let number)) = node.content, (1...Self.mostLayers).contains(number) else {
      throw reader.failure(node, "'repeat' must be a whole number from 1 to \(Self.mostLayers), but is \(node.noun)")
    }
    return number
  }
}
