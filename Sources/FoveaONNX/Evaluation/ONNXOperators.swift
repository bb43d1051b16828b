public import FoveaCore

/// The operators that a graph may use. A value, as all registries here are: whoever adds an operator adds it to a copy.
public struct ONNXOperators: Sendable {
  private struct Key: Hashable {
    let domain: String
    let name: String
  }

  private var operators: [Key: ONNXOperator] = [:]

  public init() {}

  /// - Throws: ``ONNXOperatorError/taken(domain:name:)`` where there is one of this name already.
  public mutating func register(_ new: ONNXOperator) throws(ONNXOperatorError) {
    let key = Key(domain: OperatorSetMessage.plain(new.domain), name: new.name)
    guard operators[key] == nil else { throw .taken(domain: new.domain, name: new.name) }
    operators[key] = new
  }

  public subscript(domain: String, name: String) -> ONNXOperator? { operators[Key(domain: domain, name: name)] }

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
