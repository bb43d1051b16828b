public import FoveaCore
import FoveaModel

/// The settings of a layer of the toolkit.
public typealias KerasConfiguration = [String: ConfigurationValue]

/// A model of Keras that becomes a description, layer by layer, with the tensors that its layers keep.
public struct KerasConversion {
  let registry: Registry
  /// Whether Keras has the channels first in this file.
  let hasChannelsFirst: Bool
  /// Keras' version, 1 to 3.
  public let version: Int
  /// Whether kernels lie backward in the file, as Theano has them.
  public let flipsKernels: Bool
  private(set) var layers: [LayerDescription] = []
  private(set) var tensors: [String: Tensor] = [:]
  /// Layers that would be told otherwise for pictures of another size.
  private(set) var sized: Set<String> = []
  private var shapes: [String: [Int]] = [:]
  private var taken: Set<String>
  /// What was made of a value to have it in another order.
  private var reordered: [KerasValue: [KerasValue.Order: KerasValue]] = [:]
  /// In which order a layer that is shared takes its input, and whose weights it uses.
  private var chosenOrders: [Int: KerasValue.Order] = [:]
  private var owners: [String: String] = [:]
  /// The use of a layer that becomes layers now.
  private(set) var node: KerasNode?

  init(registry: Registry, inputs: [String], hasChannelsFirst: Bool, version: Int, flipsKernels: Bool) {
    (self.registry, self.hasChannelsFirst, self.version) = (registry, hasChannelsFirst, version)
    (self.flipsKernels, taken) = (flipsKernels, Set(inputs))
  }

  mutating func convert(_ node: KerasNode, by rule: KerasLayerRule) throws -> KerasValue {
    self.node = node
    defer { self.node = nil }
    return try rule.convert(&self, node)
  }

  /// Adds a layer of the toolkit. Where its layer of Keras is used once more, it uses the same weights.
  ///
  /// - Parameters:
  ///   - part: what stands behind the layer's name where it becomes several: `relu` in `conv1/relu`; empty for the one with its
  ///     weights.
  ///   - inputs: the names of layers, or of inputs.
  ///   - tensors: its parameters.
  public mutating func add(
    _ kind: String, part: String = "", _ inputs: [String], _ configuration: KerasConfiguration = [:],
    tensors: [String: Tensor] = [:], shapes inputShapes: [[Int]]
  ) throws -> (source: String, shape: [Int]) {
    guard let node else { throw KerasProblem("layers are added while one is made") }
    let name = unique(part.isEmpty ? node.name : node.name + "/" + part)
    return try append(
      LayerDescription(name: name, kind: kind, inputs: inputs, configuration: configuration), tensors, inputShapes,
      sharing: "\(node.layerID)/\(part)")
  }

  private mutating func append(
    _ layer: LayerDescription, _ parameters: [String: Tensor], _ inputShapes: [[Int]], sharing key: String?
  ) throws -> (source: String, shape: [Int]) {
    var layer = layer
    let name = layer.name ?? layer.kind
    let made = try registry.makeLayer(
      layer.kind, name: name, configuration: layer.configuration, inputs: inputShapes.map { try Shape(checking: $0) })
    if !made.parameters.isEmpty, let key {
      if let owner = owners[key] { layer.weights = owner } else { owners[key] = name }
    }
    if layer.weights == nil {
      for parameter in made.parameters {
        guard let tensor = parameters[parameter.name] else {
          throw KerasProblem("its weight '\(parameter.name)' is not in the file")
        }
        guard tensor.shape == parameter.shape else {
          throw KerasProblem(
            "its weight '\(parameter.name)' must have the shape \(parameter.shape), but has \(tensor.shape)")
        }
        tensors["\(name).\(parameter.name)"] = tensor
      }
    }
    layers.append(layer)
    guard made.outputShapes.count == 1 else { throw KerasProblem("it has several outputs") }
    let shape = made.outputShapes[0].dimensions
    shapes[name] = shape
    return (name, shape)
  }

  private mutating func unique(_ wanted: String) -> String {
    let plain = String(wanted.map { Self.isPlain($0) ? $0 : "_" })
    let base = plain.utf8.count > 200 ? String(plain.suffix(200)) : plain
    var (name, number) = (base, 2)
    while !taken.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }

  static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_/.:".contains(character))
  }

  /// As if that layer were one of the file, of which another rule knows what becomes of it.
  public mutating func nested(_ node: KerasNode, by rule: KerasLayerRule) throws -> KerasValue {
    let outer = self.node
    defer { self.node = outer }
    self.node = node
    return try rule.convert(&self, node)
  }
}

// What rules have in common.
extension KerasConversion {
  /// Says of a layer that it holds for its input's size only, though it takes others.
  mutating func holdsForOneSize(_ source: String) { sized.insert(source) }

  /// A layer that does the same to each element, so that their order does not matter.
  public mutating func elementwise(
    _ kind: String, part: String = "", _ input: KerasValue, _ configuration: KerasConfiguration = [:],
    tensors: [String: Tensor] = [:]
  ) throws -> KerasValue {
    let (source, shape) = try add(
      kind, part: part, [input.source], configuration, tensors: tensors, shapes: [input.shape])
    return KerasValue(source, shape: shape, order: input.order)
  }

  /// A node of ONNX, where the toolkit has no such layer.
  ///
  /// - Parameters:
  ///   - others: what goes in behind `input`.
  ///   - arguments: whether an `input` or a `constant` goes in, in the operator's order.
  ///   - shape: what comes out, without the batch.
  public mutating func onnx(
    _ operation: String, part: String = "", version: Int, _ input: KerasValue, _ others: KerasValue...,
    attributes: KerasConfiguration = [:],
    arguments: [String]? = nil, constants: [Tensor] = [], shape: [Int], order: KerasValue.Order? = nil
  ) throws -> KerasValue {
    let inputs = [input] + others
    let arguments = arguments ?? inputs.map { _ in "input" }
    let configuration: KerasConfiguration = [
      "operator": .string(operation), "version": .integer(version), "attributes": .object(attributes),
      "arguments": .array(arguments.map { .string($0) }),
      "constants": .array(constants.map { .array($0.shape.dimensions.map { .integer($0) }) }),
      "constantElements": .array(constants.map { .string($0.element.rawValue) }),
      "outputs": .array([.array(shape.map { .integer($0) })]), "outputElements": .array(["float32"]),
    ]
    let tensors = Dictionary(uniqueKeysWithValues: constants.enumerated().map { ("constant\($0)", $1) })
    let (source, shape) = try add(
      "onnx", part: part, inputs.map(\.source), configuration, tensors: tensors, shapes: inputs.map(\.shape))
    return KerasValue(source, shape: shape, order: order ?? input.order)
  }

  /// The order in which a layer with weights takes its input: the same each time that it is used.
  public mutating func sharedOrder(_ order: KerasValue.Order) -> KerasValue.Order {
    guard let node else { return order }
    if let chosen = chosenOrders[node.layerID] { return chosen }
    chosenOrders[node.layerID] = order
    return order
  }

  /// The same value in another order.
  public mutating func value(_ value: KerasValue, in order: KerasValue.Order) throws -> KerasValue {
    guard value.order != order else { return value }
    if let known = reordered[value]?[order] { return known }
    let result = try reorder(value, to: order)
    reordered[value, default: [:]][order] = result
    return result
  }

  private mutating func reorder(_ value: KerasValue, to order: KerasValue.Order) throws -> KerasValue {
    var value = value
    let rank = value.shape.count
    switch (value.order, order) {
    case (.row, .channelsFirst):
      return try reshaped(value, [value.shape[0], value.shape[2]], order)
    case (.channelsFirst, .row) where rank == 2:
      return try reshaped(value, [value.shape[0], 1, value.shape[1]], order)
    default: break
    }
    switch value.order {
    case .plain: break
    case .channelsFirst: value = try permuted(value, Array(1..<rank) + [0])
    case .row: value = try permuted(try reshaped(value, [value.shape[0], value.shape[2]], .plain), [1, 0])
    case .flattened(let maps):
      let first = maps.suffix(1) + maps.dropLast()
      let image = try reshaped(value, Array(first), .plain)
      value = try reshaped(try permuted(image, Array(1..<maps.count) + [0]), [value.shape[0]], .plain)
    }
    let axes = value.shape.count
    switch order {
    case .plain: return value
    case .channelsFirst:
      guard axes >= 2 else { throw KerasProblem("its input, \(value.shape), has no channels") }
      return try permuted(value, [axes - 1] + Array(0..<axes - 1), order: order)
    case .row:
      guard axes == 2 else { throw KerasProblem("its input, \(value.shape), is not [length, channels]") }
      let first = try permuted(value, [1, 0])
      return try reshaped(first, [first.shape[0], 1, first.shape[1]], order)
    case .flattened(let maps):
      guard maps.reduce(1, *) == value.shape.reduce(1, *), axes == 1 else {
        throw KerasProblem("its inputs, which it is shared by, have several shapes")
      }
      let first = try permuted(
        try reshaped(value, maps, .plain), [maps.count - 1] + Array(0..<maps.count - 1))
      return try reshaped(first, value.shape, order)
    }
  }

  private mutating func helper(
    _ kind: String, _ value: KerasValue, _ configuration: KerasConfiguration, _ order: KerasValue.Order
  ) throws -> KerasValue {
    let (source, shape) = try append(
      LayerDescription(
        name: unique("\(value.source)/\(kind)"), kind: kind, inputs: [value.source], configuration: configuration),
      [:], [value.shape], sharing: nil)
    return KerasValue(source, shape: shape, order: order)
  }

  /// The same numbers under another shape, in a layer that is named by what goes in.
  public mutating func reshaped(
    _ value: KerasValue, _ shape: [Int], _ order: KerasValue.Order
  ) throws -> KerasValue {
    if shape == value.shape { return KerasValue(value.source, shape: shape, order: order) }
    return try helper("reshape", value, ["shape": .array(shape.map { .integer($0) })], order)
  }

  /// What has one element along an axis, repeated there.
  public mutating func broadcast(_ value: KerasValue, to shape: [Int]) throws -> KerasValue {
    guard shape != value.shape else { return value }
    return try helper("broadcast", value, ["shape": .array(shape.map { .integer($0) })], value.order)
  }

  /// The axes in another order; a reshape, where all that move but one have one element.
  public mutating func permuted(
    _ value: KerasValue, _ axes: [Int], order: KerasValue.Order = .plain
  ) throws -> KerasValue {
    let shape = axes.map { value.shape[$0] }
    let long = axes.filter { value.shape[$0] > 1 }
    if long == long.sorted() { return try reshaped(value, shape, order) }
    return try helper("permute", value, ["axes": .array(axes.map { .integer($0) })], order)
  }
}
