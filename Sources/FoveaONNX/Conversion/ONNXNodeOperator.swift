public import FoveaCore

/// A node of an ONNX graph that is no layer of the toolkit, as an operator of a model: computed as ``ONNXModel`` does.
///
/// Its outputs have the batch in front, as many examples as come in. Constants that the node needs are tensors of the model file,
/// `NAME.constant0`, which training leaves alone.
public struct ONNXNodeOperator: Operator {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["operator", "outputs"]
    public static let explanations = [
      "operator": "its name in ONNX",
      "domain": "the domain of the operator; empty for ONNX's own",
      "version": "of the operator set",
      "attributes": "as the node has them",
      "arguments": "what comes in, in order: 'input', 'constant', or 'none' where one is left out",
      "constants": "their shapes",
      "constantElements": "what their elements are",
      "outputs": "the outputs' shapes, without the batch",
      "outputElements": "what their elements are",
    ]

    public var `operator`: String
    public var domain = ""
    public var version = 1
    public var attributes = ONNXAttributes(written: [:])
    public var arguments: [String] = ["input"]
    public var constants: [[Int]] = []
    public var constantElements: [ElementType] = []
    public var outputs: [[Int]]
    public var outputElements: [ElementType] = []

    public static var prototype: Self { Self(operator: "", outputs: []) }

    public init(operator name: String, outputs: [[Int]]) { (self.operator, self.outputs) = (name, outputs) }
  }

  public static let kind = "onnx"
  public static let summary = "a node of an ONNX graph"

  public let configuration: Configuration
  public let outputShapes: [Shape]
  public let parameters: [Parameter]
  private let evaluate: @Sendable (ONNXCall) throws -> [ONNXValue]
  private let node: ONNXNode

  /// - Throws: ``LayerError`` where the operator is not known, or its settings do not go together.
  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    func problem(_ key: String, _ expected: String, _ got: some CustomStringConvertible) -> LayerError {
      .invalidConfiguration(kind: Self.kind, key: key, expected: expected, got: "\(got)")
    }
    guard let known = ONNXOperators.standard[configuration.domain, configuration.operator] else {
      throw problem("operator", "one that is known here", configuration.operator)
    }
    guard configuration.arguments.allSatisfy({ ["input", "constant", "none"].contains($0) }) else {
      throw problem("arguments", "a list of 'input', 'constant' and 'none'", configuration.arguments)
    }
    guard configuration.arguments.count(where: { $0 == "input" }) == inputs.count else {
      throw .inputCount(
        kind: Self.kind, expected: "as many inputs as 'arguments' names", got: inputs.count)
    }
    let constants = configuration.arguments.count { $0 == "constant" }
    guard configuration.constants.count == constants, configuration.constantElements.count == constants else {
      throw problem("constants", "as many as 'arguments' names", configuration.constants)
    }
    guard !configuration.outputs.isEmpty, configuration.outputs.count <= 1000,
      configuration.outputElements.isEmpty || configuration.outputElements.count == configuration.outputs.count
    else { throw problem("outputs", "one shape or more, and a type for each", configuration.outputs) }
    func shapes(_ all: [[Int]], _ key: String) throws(LayerError) -> [Shape] {
      var shapes: [Shape] = []
      for extents in all {
        guard let shape = try? Shape(checking: extents.isEmpty ? [1] : extents) else {
          throw problem(key, "shapes", all)
        }
        shapes.append(shape)
      }
      return shapes
    }
    self.configuration = configuration
    evaluate = known.evaluate
    outputShapes = try shapes(configuration.outputs, "outputs")
    parameters = try zip(shapes(configuration.constants, "constants"), configuration.constantElements).enumerated()
      .map { Parameter("constant\($0)", $1.0, .zeros, of: $1.1, isTrainable: false) }
    node = ONNXNode(
      type: configuration.operator, domain: configuration.domain, inputs: configuration.arguments,
      outputs: configuration.outputs.indices.map { "\($0)" }, attributes: configuration.attributes.values)
  }

  public func outputElements(of inputs: [ElementType]) -> [ElementType] {
    configuration.outputElements.isEmpty ? outputShapes.map { _ in .float32 } : configuration.outputElements
  }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    let version = configuration.version
    let evaluation = Evaluation(
      file: configuration.operator, operators: .standard, versions: [configuration.domain: version])
    let scope = Scope([:], within: nil, attributes: [:], versions: [configuration.domain: version])
    var (rest, constants) = (inputs[...], zip(parameters, configuration.constants).map { $0 }[...])
    let values = configuration.arguments.map { argument -> ONNXValue? in
      switch argument {
      case "input": return rest.popFirst().map { .tensor(ONNXTensor($0)) }
      case "constant":
        return constants.popFirst().map { .tensor(ONNXTensor($0).reshaped($1)) }
      default: return nil
      }
    }
    let elements = outputElements(of: [])
    do {
      let results = try evaluate(evaluation.call(node, values, node.attributes, scope))
      return try outputShapes.indices.map { index in
        guard index < results.count, let tensor = results[index].tensor else {
          throw Problem("output \(index) is no tensor")
        }
        let expected = outputShapes[index].batched(batch)
        guard tensor.isConsistent, tensor.dimensions == expected.dimensions, tensor.type.element == elements[index]
        else { throw Problem("output \(index) is \(tensor.type.name)\(tensor.dimensions), and not \(expected)") }
        return try tensor.tensor()
      }
    } catch let problem as Problem {
      throw .failed(kind: Self.kind, message: "\(configuration.operator): \(problem.text)")
    } catch {
      throw .failed(kind: Self.kind, message: "\(configuration.operator): \(error)")
    }
  }
}

/// The attributes of a node that can be written down: numbers, text, and lists of these.
public struct ONNXAttributes: Sendable, Equatable, ExpectingSetting {
  public static let expectation = "names with numbers, texts, or lists of these"

  let written: [String: ConfigurationValue]

  init(written: [String: ConfigurationValue]) { self.written = written }

  /// - Returns: nil where one cannot be written down.
  init?(_ attributes: [String: ONNXAttribute]) {
    var written: [String: ConfigurationValue] = [:]
    for (name, attribute) in attributes {
      switch attribute {
      case .float(let value) where value.isFinite: written[name] = .number(Double(value))
      case .integer(let value): written[name] = .integer(Int(value))
      case .text(let text): written[name] = .string(text)
      case .floats(let values) where values.allSatisfy(\.isFinite):
        written[name] = .array(values.map { .number(Double($0)) })
      case .integers(let values): written[name] = .array(values.map { .integer(Int($0)) })
      case .texts(let texts): written[name] = .array(texts.map { .string($0) })
      default: return nil
      }
    }
    self.written = written
  }

  public init(from decoder: any Decoder) throws {
    written = try decoder.singleValueContainer().decode([String: ConfigurationValue].self)
  }

  public func encode(to encoder: any Encoder) throws {
    try ConfigurationValue.object(written).encode(to: encoder)
  }

  var values: [String: ONNXAttribute] {
    written.compactMapValues { value in
      switch value {
      case .integer(let whole): .integer(Int64(whole))
      case .number(let number): .float(Float(number))
      case .string(let text): .text(text)
      case .bool(let bool): .integer(bool ? 1 : 0)
      case .array(let list):
        if let wholes = Self.all(list, { if case .integer(let whole) = $0 { Int64(whole) } else { nil } }) {
          .integers(wholes)
        } else if let texts = Self.all(list, { if case .string(let text) = $0 { text } else { nil } }) {
          .texts(texts)
        } else {
          .floats(
            list.map {
              switch $0 {
              case .integer(let whole): Float(whole)
              case .number(let number): Float(number)
              default: .nan
              }
            })
        }
      case .null, .object: nil
      }
    }
  }

  private static func all<T>(_ list: [ConfigurationValue], _ body: (ConfigurationValue) -> T?) -> [T]? {
    let values = list.compactMap(body)
    return values.count == list.count ? values : nil
  }
}
