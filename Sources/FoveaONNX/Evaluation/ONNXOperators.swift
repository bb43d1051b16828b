public import FoveaCore

/// The operators that a graph may use. A value, as all registries here are: whoever adds an operator adds it to a copy.
public struct ONNXOperators: Sendable {
  private struct Key: Hashable {
    let domain: String
    let name: String
  }

  private var operators: [Key: ONNXOperator] = [:]
  /// For domains that are not ONNX's own.
  private var kinds: [String: ONNXOperator] = [:]

  public init() {}

  /// - Throws: ``ONNXOperatorError/taken(domain:name:)`` where there is one of this name already.
  public mutating func register(_ new: ONNXOperator) throws(ONNXOperatorError) {
    let key = Key(domain: OperatorSetMessage.plain(new.domain), name: new.name)
    guard operators[key] == nil else { throw .taken(domain: new.domain, name: new.name) }
    operators[key] = new
  }

  public subscript(domain: String, name: String) -> ONNXOperator? {
    if let known = operators[Key(domain: domain, name: name)] { return known }
    return domain.isEmpty || domain.hasPrefix("ai.onnx") ? nil : kinds[Self.kind(of: name)]
  }

  /// As kinds are written: `Swish` as `swish`.
  static func kind(of name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

  /// The same with all layers and operators of a registry, such as plugins bring, for nodes of domains that are not ONNX's.
  public func including(_ registry: Registry) -> ONNXOperators {
    var copy = self
    for kind in registry.layers.kinds { copy.kinds[kind] = ONNXOperator(kind: kind, of: registry) }
    return copy
  }

  /// The names of a domain's operators, in their order.
  public func names(domain: String = "") -> [String] {
    operators.keys.filter { $0.domain == domain }.map(\.name).sorted()
  }

  /// All that the toolkit has. A new family of operators is one more line.
  public static let standard: ONNXOperators = {
    var all = ONNXOperators()
    let families: [[ONNXOperator]] = [
      activations, arithmetic, attention, bits, blocks, casts, comparisons, constants, controlFlow, convolutions,
      einsums,
      fourier, gathers, grids, joins, losses, matrices, movements, normalizations, pads, poolings, quantization,
      quantizedProducts, recurrences, reductions, regions, resizes, scatters, searches, sequences, shapes, slices,
      strings,
      unaries, windows,
    ]
    // Two of one name would be a fault of ours, which the tests see: the first stays.
    for new in families.joined() { try? all.register(new) }
    return all
  }()
}

/// What is wrong with a new operator.
public enum ONNXOperatorError: FoveaError, Equatable {
  case taken(domain: String, name: String)

  public var description: String {
    switch self {
    case .taken(let domain, let name):
      "there is an operator '\(name)' of domain '\(domain.isEmpty ? "ai.onnx" : domain)' already; choose another domain"
    }
  }
}
