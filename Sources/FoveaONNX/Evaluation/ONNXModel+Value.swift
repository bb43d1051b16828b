extension ONNXModel {
  /// An input or an output of a model.
  public enum Place: Sendable, Hashable {
    case input(Int)
    case output(Int)
  }

  /// Reads a file that holds one value, as ONNX's own tests have them. Such a file does not say of what kind it is; the model does.
  ///
  /// - Throws: ``ONNXError``.
  public func readValue(path: String, like place: Place) throws -> ONNXValue {
    let region = ByteRegion(try ByteOwner(path: path))
    let infos: [ValueInfoMessage]
    let index: Int
    switch place {
    case .input(let number): (infos, index) = (graph.inputs, number)
    case .output(let number): (infos, index) = (graph.outputs, number)
    }
    guard infos.indices.contains(index) else {
      throw ONNXError.input(file: file, name: "\(index)", expected: "one of \(infos.count)", got: "another")
    }
    return try ONNXValue(Self.message(region, infos[index].type))
  }

  private static func message(_ region: ByteRegion, _ type: TypeMessage) throws(ONNXError) -> ValueMessage {
    switch type {
    case .sequence: try .sequence(region)
    case .optional: try .optional(region)
    default: .tensor(try TensorMessage(region))
    }
  }
}
