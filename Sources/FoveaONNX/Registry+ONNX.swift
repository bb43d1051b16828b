public import FoveaCore

extension Registry {
  /// What models that come from ONNX consist of, beside the toolkit's own layers.
  public mutating func registerONNXKinds() throws(RegistryError) { try register(ONNXNodeOperator.self) }
}
