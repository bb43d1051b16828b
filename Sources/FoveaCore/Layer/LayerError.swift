/// What can go wrong in a layer. The model adds the layer's name.
public enum LayerError: FoveaError, Equatable {
  /// A setting has a value that the layer cannot work with.
  case invalidConfiguration(kind: String, key: String, expected: String, got: String)
  /// The layer does not go with what comes in.
  case invalidInput(kind: String, expected: String, got: Shape)
  case inputCount(kind: String, expected: String, got: Int)
  /// The elements of input number `input`, from 0, are others than it takes.
  case elements(kind: String, input: Int, expected: ElementType, got: ElementType)
  /// The layer handed back something else than it had promised.
  case brokenContract(kind: String, expected: String, got: String)
  /// A kernel refused or failed.
  case kernel(kind: String, message: String)
  /// Something before it is to be trained, and it has no gradient to hand back.
  case forwardOnly(kind: String)
  /// A layer's own words, for what the other cases do not cover.
  case failed(kind: String, message: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .invalidInput(let kind, let expected, let got):
      "\(kind): expects \(expected), but its input has shape \(got)"
    case .inputCount(let kind, let expected, let got):
      "\(kind): takes \(expected), but \(got.counted("is", "are")) connected; name them under 'inputs'"
    case .elements(let kind, let input, let expected, let got):
      "\(kind): expects \(expected.rawValue), but its input \(input + 1) is \(got.rawValue); put a layer of kind 'cast' with "
        + "'to: \(expected.rawValue)' between"
    case .brokenContract(let kind, let expected, let got):
      "\(kind): the layer broke its contract: expected \(expected), got \(got); this is a fault of the layer's code"
    case .kernel(let kind, let message):
      "\(kind): the kernel failed: \(message)"
    case .forwardOnly(let kind):
      "\(kind): it computes forward only, so that nothing before it can be trained through it; take it out, or put it behind "
        + "all that is trained"
    case .failed(let kind, let message):
      "\(kind): \(message)"
    }
  }
}
