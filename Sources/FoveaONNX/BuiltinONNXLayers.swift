public import FoveaCore

/// What models that come from ONNX consist of, beside the toolkit's own layers.
public enum BuiltinONNXLayers: BuiltinKinds {
  public static var sort: Sort<any Operator.Type> { .layers }
  public static let all: [any Operator.Type] = [ONNXNodeOperator.self]
}
