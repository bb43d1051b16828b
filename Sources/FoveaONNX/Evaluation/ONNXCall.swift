import FoveaCore

/// One node that is to be computed: its inputs, its attributes, and what goes for all.
public struct ONNXCall {
  let node: ONNXNode
  /// Nil where the node leaves one out.
  public let inputs: [ONNXValue?]
  let attributes: [String: ONNXAttribute]
  /// Of the operator set that the model asks for.
  public let version: Int
  let scope: Scope
  let evaluation: Evaluation

  /// How many outputs the node names.
  public var outputCount: Int { node.outputs.count }

  /// Whether the node names this output.
  public func wants(_ output: Int) -> Bool { node.outputs.indices.contains(output) && !node.outputs[output].isEmpty }

  // Inputs.

  func value(_ index: Int) throws -> ONNXValue {
    guard index < inputs.count, let value = inputs[index] else { throw Problem("input \(index) is missing") }
    return value
  }

  func isGiven(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

  public func tensor(_ index: Int) throws -> ONNXTensor {
    let value = try value(index)
    guard let tensor = value.tensor else { throw Problem("input \(index) must be a tensor, but is \(value.summary)") }
    return tensor
  }

  /// Nil where the node leaves it out.
  public func optionalTensor(_ index: Int) throws -> ONNXTensor? { isGiven(index) ? try tensor(index) : nil }

  func sequence(_ index: Int) throws -> [ONNXValue] {
    var value = try value(index)
    if case .optional(let inner?) = value { value = inner }
    guard case .sequence(let values) = value else {
      throw Problem("input \(index) must be a sequence, but is \(value.summary)")
    }
    return values
  }

  /// All inputs, which must be tensors, one at least.
  func tensors() throws -> [ONNXTensor] {
    guard !inputs.isEmpty else { throw Problem("it has no inputs") }
    return try inputs.indices.map { try tensor($0) }
  }

  /// A float tensor of `type`'s rank, or any.
  func tensor(_ index: Int, rank: Int) throws -> ONNXTensor {
    let tensor = try tensor(index)
    guard tensor.rank == rank else {
      throw Problem("input \(index) must have \(rank) axes, but is \(tensor.type.name)\(tensor.dimensions)")
    }
    return tensor
  }

  /// The first element of an input, as a whole number.
  func scalar(_ index: Int) throws -> Int64 {
    guard let first = try tensor(index).wholes.first else { throw Problem("input \(index) must have an element") }
    return first
  }

  /// Extents, axes and the like that come as an input.
  func ints(at index: Int) throws -> [Int] { try tensor(index).wholes.map { try bounded($0, "input \(index)") } }

  func int(at index: Int) throws -> Int { try bounded(try scalar(index), "input \(index)") }

  // Attributes.

  /// Numbers that extents, paddings and the like may be: products of two of them, and sums of these, fit an `Int`.
  private func bounded(_ value: Int64, _ what: String) throws -> Int {
    guard value.magnitude <= 1 << 31 else { throw Problem("\(what): \(value) is out of range") }
    return Int(value)
  }

  private func mismatch(_ name: String, _ expected: String) -> Problem {
    Problem("attribute '\(name)' must be \(expected)")
  }

  func has(_ name: String) -> Bool { attributes[name] != nil }

  public func int(_ name: String, default value: Int) throws -> Int { try int(name) ?? value }

  func int(_ name: String) throws -> Int? {
    try whole(name).map { try bounded($0, "attribute '\(name)'") }
  }

  func whole(_ name: String) throws -> Int64? {
    guard let attribute = attributes[name] else { return nil }
    guard case .integer(let value) = attribute else { throw mismatch(name, "a whole number") }
    return value
  }

  func flag(_ name: String, default value: Bool = false) throws -> Bool { try whole(name).map { $0 != 0 } ?? value }

  public func ints(_ name: String) throws -> [Int]? {
    try wholes(name).map { try $0.map { try bounded($0, "attribute '\(name)'") } }
  }

  func wholes(_ name: String) throws -> [Int64]? {
    guard let attribute = attributes[name] else { return nil }
    guard case .integers(let values) = attribute else { throw mismatch(name, "a list of whole numbers") }
    return values
  }

  public func float(_ name: String, default value: Double) throws -> Double { try float(name) ?? value }

  func float(_ name: String) throws -> Double? {
    guard let attribute = attributes[name] else { return nil }
    if case .integer(let whole) = attribute { return Double(whole) }
    guard case .float(let value) = attribute else { throw mismatch(name, "a number") }
    return Double(value)
  }

  func floats(_ name: String) throws -> [Float]? {
    guard let attribute = attributes[name] else { return nil }
    if case .integers(let wholes) = attribute { return wholes.map { Float($0) } }
    guard case .floats(let values) = attribute else { throw mismatch(name, "a list of numbers") }
    return values
  }

  public func text(_ name: String, default value: String) throws -> String { try text(name) ?? value }

  func text(_ name: String) throws -> String? {
    guard let attribute = attributes[name] else { return nil }
    guard case .text(let value) = attribute else { throw mismatch(name, "text") }
    return value
  }

  func texts(_ name: String) throws -> [String]? {
    guard let attribute = attributes[name] else { return nil }
    guard case .texts(let values) = attribute else { throw mismatch(name, "a list of texts") }
    return values
  }

  func tensor(_ name: String) throws -> ONNXTensor? {
    guard let attribute = attributes[name] else { return nil }
    guard case .tensor(let value) = attribute else { throw mismatch(name, "a tensor") }
    return value
  }

  func graph(_ name: String) throws -> ONNXGraph {
    guard case .graph(let graph)? = attributes[name] else { throw mismatch(name, "a graph") }
    return graph
  }

  func elementType(_ name: String) throws -> ONNXElementType? {
    guard let number = try int(name) else { return nil }
    guard let type = ONNXElementType(rawValue: number) else {
      throw Problem("attribute '\(name)': elements of type \(number) are not supported")
    }
    return type
  }

  // What operators ask for often.

  /// An axis counted from the front, of one that may be counted from the end.
  ///
  /// - Parameter rank: how many there are.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank, axis < rank else { throw Problem("there is no axis \(axis) among \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes counted from the front, each once.
  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, rank: rank) }
    guard Set(result).count == result.count else { throw Problem("axes \(axes) name one twice") }
    return result
  }

  /// Extents for each of `rank` axes in space, from an attribute.
  func extents(_ name: String, _ rank: Int, default value: Int, least: Int) throws -> [Int] {
    let values = try ints(name) ?? Array(repeating: value, count: rank)
    guard values.count == rank, values.allSatisfy({ $0 >= least }) else {
      throw Problem("attribute '\(name)' must be \(rank) numbers of at least \(least), but is \(values)")
    }
    return values
  }

  /// The number of elements of a tensor that is about to be made.
  ///
  /// - Throws: where it has more than this evaluation allows, or than there is memory for.
  func count(_ dimensions: [Int]) throws -> Int {
    guard dimensions.allSatisfy({ $0 >= 0 }) else {
      throw Problem("dimensions \(dimensions) with a negative extent")
    }
    guard let count = Strides.count(dimensions), count <= evaluation.limits.mostElements else {
      throw Problem.limit(
        "a tensor of dimensions \(dimensions) has more elements than the \(evaluation.limits.mostElements) allowed")
    }
    do throws(OutOfMemory) { try OutOfMemory.check(min(count, 1 << 50) * 16) } catch {
      throw Problem.limit("there is not enough memory for a tensor of dimensions \(dimensions)")
    }
    return count
  }

  /// The values of a graph's outputs, which sees those around it.
  ///
  /// - Parameter inputs: in the order of the graph's.
  func run(_ graph: ONNXGraph, _ inputs: [ONNXValue]) throws -> [ONNXValue] {
    guard inputs.count >= graph.inputs.count else {
      throw Problem("graph '\(graph.name)' takes \(graph.inputs.count) inputs, but gets \(inputs.count)")
    }
    var values: [String: ONNXValue] = [:]
    for (input, value) in zip(graph.inputs, inputs) { values[input.name] = value }
    return try evaluation.run(graph, values, within: scope)
  }
}
