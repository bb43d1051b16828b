public import FoveaCore

/// The same numbers as elements of another type, such as float32 behind class numbers in int64, or float16 for less memory.
///
/// A float becomes a narrower one, or a whole number, by the rules of `Tensor.converted(to:rounding:)`: to the nearest, ties
/// to even; what is too large becomes the largest whole number, or infinity. It computes forward only.
public struct Cast: Operator {
  /// How a float becomes a whole number.
  public enum Rounding: String, Sendable, Codable, CaseIterable {
    case nearest
    /// The fraction is cut off, as NumPy, PyTorch and ONNX do.
    case towardZero

    var rule: FloatingPointRoundingRule { self == .nearest ? .toNearestOrEven : .towardZero }
  }

  public struct Configuration: Settings {
    public static let requiredKeys: Set<String> = ["to"]
    public static let explanations = [
      "to": "what the elements become",
      "rounding": "how a float becomes a whole number: ties to even, or without its fraction as in NumPy and ONNX",
    ]

    public var to: ElementType
    public var rounding = Rounding.nearest

    public static var prototype: Self { Self(to: .float32) }

    public init(to element: ElementType) { to = element }
  }

  public static let kind = "cast"
  public static let summary = "the same numbers as elements of another type; it cannot be trained through"

  public let configuration: Configuration
  public let outputShapes: [Shape]

  public init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
    try Check(kind: Self.kind).anything(inputs[0])
    self.configuration = configuration
    outputShapes = inputs
  }

  public func outputElements(of inputs: [ElementType]) -> [ElementType] { [configuration.to] }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    _ = try Check(kind: Self.kind).batch(of: inputs[0], outputShapes[0])
    return [inputs[0].converted(to: configuration.to, rounding: configuration.rounding.rule)]
  }
}
