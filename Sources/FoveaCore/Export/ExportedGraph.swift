/// A network in the terms of ONNX, as it is made for a file: nodes between named values.
///
/// Layers add their nodes to it (``ONNXExportable``); writing it is another module's.
public struct ExportedGraph: Sendable {
  public enum Attribute: Sendable, Equatable {
    case integer(Int)
    case float(Float)
    case text(String)
    case integers([Int])
    case floats([Float])
  }

  public struct Node: Sendable {
    public internal(set) var name: String
    public let type: String
    /// Empty for ONNX's own.
    public let domain: String
    public internal(set) var inputs: [String]
    public internal(set) var outputs: [String]
    public let attributes: [String: Attribute]
  }

  /// A value that stands in the file.
  public struct Constant: Sendable {
    public let name: String
    /// Without axes for a single number.
    public let dimensions: [Int]
    public let numbers: Numbers

    public enum Numbers: Sendable {
      case tensor(Tensor)
      case integers([Int64])
      case doubles([Double])
    }
  }

  /// The version of ONNX's operators that the file asks for.
  public let operatorSet: Int
  public private(set) var nodes: [Node] = []
  public private(set) var constants: [Constant] = []
  private var taken: Set<String> = []
  private var known: Set<String> = []
  /// What nodes make of parameters that are in bytes, by the parameters' names.
  private var floats: [String: String] = [:]
  private var scope = ""
  private var scopeStart = 0

  public init(operatorSet: Int) { self.operatorSet = operatorSet }

  // MARK: What a layer adds

  /// A node with several outputs.
  ///
  /// - Parameter inputs: names of values; empty for one that is left out.
  /// - Returns: the outputs' names.
  public mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], domain: String = "", outputs: Int
  ) -> [String] {
    let base = scope.isEmpty ? type : "\(scope)/\(type)"
    let names = (0..<max(outputs, 1)).map { _ in unique(base) }
    nodes.append(
      Node(name: names[0], type: type, domain: domain, inputs: inputs, outputs: names, attributes: attributes))
    return names
  }

  /// A node with one output.
  ///
  /// - Returns: the output's name.
  public mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], domain: String = ""
  ) -> String {
    add(type, inputs, attributes, domain: domain, outputs: 1)[0]
  }

  /// A parameter as it is, under its own name; it stands in the file once. Where it is in bytes, a node makes floats of them.
  public mutating func constant(_ parameter: ExportedParameter) -> String {
    constant(parameter, as: parameter.tensor.shape.dimensions)
  }

  /// A parameter of another shape, with as many numbers.
  public mutating func constant(_ parameter: ExportedParameter, as dimensions: [Int]) -> String {
    guard let bytes = parameter.bytes, dimensions.first == bytes.scales.shape[0] else {
      return constant(parameter.tensor, dimensions, named: parameter.name)
    }
    if let made = floats[parameter.name] { return made }
    let numbers = constant(bytes.numbers, dimensions, named: parameter.name)
    let scales = constant(
      bytes.scales, bytes.scales.shape.dimensions, named: QuantizedRows.name(ofScales: parameter.name))
    let made = add("DequantizeLinear", [numbers, scales], ["axis": .integer(0)])
    floats[parameter.name] = made
    return made
  }

  /// A value rounded to what bytes stand for: the nodes by which other programs know what to compute in bytes.
  package mutating func rounded(_ value: String, to scale: ByteScale) -> String {
    let stands = [
      number(scale.scale), constant(Tensor(elements: [scale.zeroPoint], [1]), dimensions: []),
    ]
    let bytes = add("QuantizeLinear", [value] + stands)
    return add("DequantizeLinear", [bytes] + stands)
  }

  /// Numbers made for the layer.
  public mutating func constant(_ tensor: Tensor, dimensions: [Int]? = nil) -> String {
    constant(
      tensor, dimensions ?? tensor.shape.dimensions, named: unique(scope.isEmpty ? "constant" : scope + "/constant"))
  }

  /// One float32.
  public mutating func number(_ value: Float) -> String { constant(Tensor([value], [1]), dimensions: []) }

  /// Whole numbers, as int64: axes, shapes.
  public mutating func integers(_ values: [Int]) -> String {
    let name = unique(scope.isEmpty ? "integers" : scope + "/integers")
    constants.append(Constant(name: name, dimensions: [values.count], numbers: .integers(values.map(Int64.init))))
    return name
  }

  /// One whole number without axes, as int64.
  public mutating func integer(_ value: Int) -> String {
    let name = unique(scope.isEmpty ? "integer" : scope + "/integer")
    constants.append(Constant(name: name, dimensions: [], numbers: .integers([Int64(value)])))
    return name
  }

  /// One float64.
  public mutating func double(_ value: Double) -> String {
    let name = unique(scope.isEmpty ? "double" : scope + "/double")
    constants.append(Constant(name: name, dimensions: [], numbers: .doubles([value])))
    return name
  }

  /// The mean over axes, which later operator sets take as an input.
  public mutating func mean(_ input: String, axes: [Int], keeps: Bool = true) -> String {
    operatorSet >= 18
      ? add("ReduceMean", [input, integers(axes)], ["keepdims": .integer(keeps ? 1 : 0)])
      : add("ReduceMean", [input], ["axes": .integers(axes), "keepdims": .integer(keeps ? 1 : 0)])
  }

  /// The largest over axes, which later operator sets take as an input.
  public mutating func maximum(_ input: String, axes: [Int], keeps: Bool = true) -> String {
    operatorSet >= 18
      ? add("ReduceMax", [input, integers(axes)], ["keepdims": .integer(keeps ? 1 : 0)])
      : add("ReduceMax", [input], ["axes": .integers(axes), "keepdims": .integer(keeps ? 1 : 0)])
  }

  /// Of a value with the batch in front, a part along axes.
  public mutating func slice(_ input: String, from starts: [Int], to ends: [Int], axes: [Int]) -> String {
    add("Slice", [input, integers(starts), integers(ends), integers(axes)])
  }

  private mutating func constant(_ tensor: Tensor, _ dimensions: [Int], named name: String) -> String {
    taken.insert(name)
    if known.insert(name).inserted {
      constants.append(Constant(name: name, dimensions: dimensions, numbers: .tensor(tensor.plain())))
    }
    return name
  }

  // MARK: What the whole is made by

  /// Whatever is added from now on belongs to a layer.
  package mutating func begin(_ layer: String) {
    scope = layer
    scopeStart = nodes.count
  }

  /// Keeps a name for an input of the graph.
  package mutating func reserve(_ name: String) { taken.insert(name) }

  /// Gives what the layer puts out names of its own, and the node that makes the first the layer's.
  package mutating func end(_ outputs: [String], named names: [String]) -> [String] {
    defer { scope = "" }
    var results: [String] = []
    for (index, (output, name)) in zip(outputs, names).enumerated() {
      guard let maker = nodes[scopeStart...].lastIndex(where: { $0.outputs.contains(output) }), !taken.contains(name)
      else {
        results.append(output)
        continue
      }
      rename(output, to: name)
      if index == 0 { nodes[maker].name = scope }
      results.append(name)
    }
    return results
  }

  /// Another name for a value that a node makes, wherever it stands.
  package mutating func rename(_ value: String, to name: String) {
    taken.insert(name)
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == value ? name : $0 }
      nodes[index].outputs = nodes[index].outputs.map { $0 == value ? name : $0 }
    }
  }

  /// Whether a node makes the value; else it is an input or a constant.
  package func isMade(_ value: String) -> Bool { nodes.contains { $0.outputs.contains(value) } }

  private mutating func unique(_ base: String) -> String {
    var (name, number) = (base, 2)
    while !taken.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}
