package import FoveaCore

/// A layer without weights in a quantized network, which takes bytes as they are.
struct ByteTensorInference<Base: UnaryLayer>: ByteOperator {
  static var kind: String { Base.kind }

  private let exact: Base
  private let apply: @Sendable (Tensor) -> Tensor?

  var configuration: Base.Configuration { exact.configuration }
  var outputShapes: [Shape] { [exact.outputShape] }
  var reusedInput: Int? { nil }

  /// - Parameter apply: nil where it has to be the layer itself, of floats.
  init(_ exact: Base, _ apply: @escaping @Sendable (Tensor) -> Tensor?) {
    (self.exact, self.apply) = (exact, apply)
  }

  init(_ configuration: Base.Configuration, inputs: [Shape]) throws(LayerError) {
    self.init(try Base(configuration, inputs: inputs)) { _ in nil }
  }

  func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    var inputs = inputs
    return [try infer(&inputs, parameters)]
  }

  func fused(with next: any Operator) -> (any Operator)? { nil }

  func infer(_ inputs: inout [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    if inputs[0].layout.byteScale != nil, let output = apply(inputs[0]) { return output }
    return try exact.infer(inputs[0].withExamplesApart(), parameters)
  }
}

extension MaximumPooling: QuantizableOperator {
  package var byteRole: ByteRole? { .passes }

  package func inBytes(inputs: [ByteScale], output: ByteScale?, largestWeight: Int) -> (any ByteOperator)? {
    let pooling = passes.bytes
    return ByteTensorInference(self) { pooling.apply($0) }
  }
}

extension GlobalAveragePooling: QuantizableOperator {
  package var byteRole: ByteRole? { .reads }

  package func inBytes(inputs: [ByteScale], output: ByteScale?, largestWeight: Int) -> (any ByteOperator)? {
    ByteTensorInference(self) { $0.byteMeans() }
  }
}
