/// Where a number arose that is none: not a number, or infinite.
public enum FaultyNumbers: Sendable, Equatable, CustomStringConvertible {
  /// What the network was given.
  case input
  case output(layer: String, kind: String, origin: Origin)
  /// What a layer's backward pass handed back to the layers before it.
  case inputGradient(layer: String, kind: String, origin: Origin)
  case weightGradient(layer: String, parameter: String)
  case weights(layer: String, parameter: String)
  /// What an optimizer remembers of a parameter, such as the mean square of its gradient.
  case memory(layer: String, parameter: String)
  case loss(kind: String)
  case lossGradient(kind: String)

  public var description: String {
    switch self {
    case .input: "the network's input"
    case .output(let layer, let kind, let origin): "the output of layer '\(layer)' (\(kind), \(origin))"
    case .inputGradient(let layer, let kind, let origin):
      "the gradient that layer '\(layer)' (\(kind), \(origin)) hands back"
    case .weightGradient(let layer, let parameter): "the gradient of '\(layer).\(parameter)'"
    case .weights(let layer, let parameter): "'\(layer).\(parameter)', a weight"
    case .memory(let layer, let parameter): "what the optimizer remembers of '\(layer).\(parameter)'"
    case .loss(let kind): "the loss '\(kind)'"
    case .lossGradient(let kind): "the gradient of the loss '\(kind)'"
    }
  }

  /// Products of two numbers up to here, and the sums of all that a memory holds of them, stay finite: below it, no layer
  /// of sums of products makes what is not a number, not even where a rectifier would swallow it at once.
  package static let safeMagnitude: Float = 1e15
}
