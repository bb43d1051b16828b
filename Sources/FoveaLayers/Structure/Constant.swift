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
      "element": "what the numbers are",
    ]

    /// Without the batch.
    public var shape: [Int]
    /// One number for all places, or one for each; nil for a tensor of the model file, zeros at first.
    public var value: [Double]?
    public var element = ElementType.float32

    public static var prototype: Self { Self(shape: []) }

    public init(shape: [Int], value: [Double]? = nil, of element: ElementType = .float32) {
      self.shape = shape
      self.value = value
      self.element = element
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
      let all = value.count == shape.count ? value : Array(repeating: value[0], count: shape.count)
      guard let tensor = Self.tensor(all, shape, of: configuration.element) else {
        throw check.invalid("value", "numbers that \(configuration.element.rawValue) holds", "\(value)")
      }
      self.value = tensor
      parameters = []
    } else {
      value = nil
      parameters = [Parameter("value", shape, .zeros, of: configuration.element, isTrainable: false)]
    }
    self.configuration = configuration
    outputShapes = [shape]
  }

  public func outputElements(of inputs: [ElementType]) -> [ElementType] { [configuration.element] }

  /// Floats are rounded; whole numbers are taken as they are, or not at all.
  private static func tensor(_ values: [Double], _ shape: Shape, of element: ElementType) -> Tensor? {
    if element.isFloat {
      let tensor = Tensor(values.map { Float($0) }, shape).converted(to: element)
      return tensor.isFinite ? tensor : nil
    }
    let numbers = values.compactMap { Int64(exactly: $0) }
    guard numbers.count == values.count else { return nil }
    let (given, tensor) = (Tensor(elements: numbers, shape), Tensor(elements: numbers, shape).converted(to: element))
    return tensor.converted(to: .int64) == given ? tensor : nil
  }

  public func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    guard let value = value ?? parameters.first else { return [] }
    var output = Tensor(uninitialized: outputShapes[0].batched(batch), of: value.element)
    output.withUnsafeMutableBytes { output in
      value.withUnsafeBytes { value in
        for example in 0..<batch {
          UnsafeMutableRawBufferPointer(rebasing: output[example * value.count..<(example + 1) * value.count])
            .copyMemory(from: value)
        }
      }
    }
    return [output]
  }
}
