/// A step of a network: an immutable value that maps tensors to tensors.
///
/// An operator knows its configuration and the shapes that come in, and nothing else: its weights and constants are the
/// model's and are handed to it. So one operator serves many threads at once. All shapes here are without the batch; all
/// tensors have it in front.
///
/// This is all that it takes to use a network. What can be trained too is a ``Layer``, or with several outputs a
/// ``MultiOutputLayer``.
public protocol Operator: Kind {
  /// The settings that a description may give, with their defaults.
  associatedtype Configuration: Settings

  /// Whether tensors come in; false for a constant, which a description connects to nothing. True unless it says otherwise.
  static var takesInputs: Bool { get }

  /// - Throws: ``LayerError`` where the configuration is invalid or does not go with the shapes.
  init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError)

  var configuration: Configuration { get }

  /// The shape of each output, without the batch; at least one.
  var outputShapes: [Shape] { get }

  /// What the elements of each output are, given those of each input: float32 of float32, unless it says otherwise. A
  /// ``Layer`` never sees anything else, whatever it says.
  ///
  /// - Throws: ``LayerError/elements(kind:input:expected:got:)`` where it does not take them.
  func outputElements(of inputs: [ElementType]) throws(LayerError) -> [ElementType]

  /// The weights and constants that the model keeps for it; none unless it says otherwise.
  var parameters: [Parameter] { get }

  /// Connections in the sense of LeCun et al. 1998, section II-B: inputs and biases that reach the output's units,
  /// counted for each unit anew. For layers without weights, 0.
  var connections: Int { get }

  /// Whether an example's output depends on the others of its batch, so that the batch must not be split.
  var mixesExamples: Bool { get }

  /// The outputs, as when the network is used.
  ///
  /// - Parameters:
  ///   - parameters: in the order of ``parameters``.
  ///   - batch: the number of examples, for what takes no inputs.
  func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor]
}

extension Operator {
  public static var settingsType: any Settings.Type { Configuration.self }
  public static var takesInputs: Bool { true }
  public func outputElements(of inputs: [ElementType]) throws(LayerError) -> [ElementType] {
    try Self.expect(.float32, of: inputs)
    return outputShapes.map { _ in .float32 }
  }
  public var parameters: [Parameter] { [] }
  public var connections: Int { 0 }
  public var mixesExamples: Bool { false }

  /// ``outputElements(of:)``, held to what it promises; what can be trained takes and gives float32, whatever it says.
  package func elements(of inputs: [ElementType]) throws(LayerError) -> [ElementType] {
    if self is any Layer || self is any MultiOutputLayer {
      try Self.expect(.float32, of: inputs)
      return outputShapes.map { _ in .float32 }
    }
    let elements = try outputElements(of: inputs)
    guard elements.count == outputShapes.count else {
      throw .brokenContract(
        kind: Self.kind, expected: "element types of \(outputShapes.count.counted("output"))", got: "\(elements.count)")
    }
    return elements
  }

  /// For ``outputElements(of:)``: sees to it that all inputs have elements of one type.
  ///
  /// - Throws: ``LayerError/elements(kind:input:expected:got:)`` that says which has others.
  public static func expect(_ element: ElementType, of inputs: [ElementType]) throws(LayerError) {
    guard let wrong = inputs.firstIndex(where: { $0 != element }) else { return }
    throw .elements(kind: kind, input: wrong, expected: element, got: inputs[wrong])
  }
}
