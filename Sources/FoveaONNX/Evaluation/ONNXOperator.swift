/// What computes the nodes of one type: one function of a node's inputs and attributes.
///
/// ```swift
/// var operators = ONNXOperators.standard
/// try operators.register(
///   ONNXOperator("Twice", domain: "com.example") { call in
///     let input = try call.tensor(0)
///     return [.tensor(ONNXTensor(floats: input.floats.map { 2 * $0 }, input.dimensions))]
///   })
/// let model = try ONNXModel(path: "twice.onnx", operators: operators)
/// ```
public struct ONNXOperator: Sendable {
  public let name: String
  /// Empty for ONNX's own.
  public let domain: String
  let evaluate: @Sendable (ONNXCall) throws -> [ONNXValue]

  /// - Parameter evaluate: the values of the node's outputs, in their order. One that is missing at the end is one that the node
  ///   must not ask for.
  public init(
    _ name: String, domain: String = "", _ evaluate: @escaping @Sendable (ONNXCall) throws -> [ONNXValue]
  ) {
    (self.name, self.domain, self.evaluate) = (name, domain, evaluate)
  }

  /// With one output.
  static func one(
    _ name: String, domain: String = "", _ evaluate: @escaping @Sendable (ONNXCall) throws -> ONNXTensor
  ) -> ONNXOperator {
    ONNXOperator(name, domain: domain) { [.tensor(try evaluate($0))] }
  }

  /// With several outputs, all of them tensors.
  static func several(
    _ name: String, domain: String = "", _ evaluate: @escaping @Sendable (ONNXCall) throws -> [ONNXTensor]
  ) -> ONNXOperator {
    ONNXOperator(name, domain: domain) { try evaluate($0).map { .tensor($0) } }
  }
}
