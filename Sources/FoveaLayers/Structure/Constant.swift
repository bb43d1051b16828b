public import FoveaCore

/// The same numbers for every example, whatever comes into the network. It has no inputs.
///
/// The numbers are given with it, or are a tensor of the model file, `NAME.value`, which training leaves alone.
public struct Constant: Operator {
  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["shape"]
    public static let explanations = [
      "shape": "of one example",
      "value": "one number for all places, or one for each; without it, a tensor of the model file",
    ]

    /// Without the batch.
    public var shape: [Int]
    /// One number for all places, or one for each; nil for a tensor of the model file, zeros at first.
    public var value: [Float]?

    public static var prototype: Self { Self(shape: []) }

    public init(shape: [Int], value: [Float]? = nil) {
      self.shape = shape
      self.value = value
    }
  }

  public static let kind = "constant"
  public static let summary = "the same numbers for every example; it has no inputs"
  public static let takesInputs = false

  public let configuration: Configuration
  public let outputShapes: [Shape]
  public let parameters: [Parameter]
  private let value: Tensor?

  /// - Throws: ``LayerError`` where the shape is none, or the numbers are neither one nor one for each place.
  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    let check = Check(kind: Self.kind)
    guard inputs.isEmpty else { throw .inputCount(kind: Self.kind, expected: "no inputs", got: inputs.count) }
    try check.that(!configuration.shape.isEmpty, "shape", "one extent or more", configuration.shape)
    for extent in configuration.shape { try check.range(extent, "shape") }
    try check.size(configuration.shape, "shape", "outputs")
    let shape = Shape(configuration.shape)
    if let value = configuration.value {
      try check.that(
        value.count == 1 || value.count == shape.count, "value", "1 number or \(shape.count)", value.count)
      try check.that(value.allSatisfy(\.isFinite), "value", "finite numbers", value)
      self.value = value.count == shape.count ? Tensor(value, shape) : Tensor(repeating: value[0], shape)
      parameters = []
    } else {
      value = nil
      parameters = [Parameter("value", shape, .zeros, isTrainable: false)]
    }
    self.configuration = configuration
    outputShapes = [shape]
  }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    guard let value = value ?? parameters.first else { return [] }
    return [
      Tensor(outputShapes[0].batched(batch)) { output in
        value.withUnsafeFloats { value in
          for i in output.indices { output[i] = value[i % value.count] }
        }
      }
    ]
  }
}
