/// What training makes small: how wrong the network's outputs are, and in which direction.
public protocol Loss: ConfigurableKind, Configurable {
  /// What the loss takes of each example; one class unless it says otherwise.
  static var target: TargetKind { get }

  /// Whether an example may be right for several classes in shares (``Targets/shares(_:)``), or a label be there in part, as
  /// after mixing examples or smoothing labels. False, as at first, where one must be told from the others.
  static var takesShares: Bool { get }

  /// What the loss trains the outputs to be; nil, as at first, where none of these words fits. Where a description names
  /// no step to confidences, the one that goes with this is taken.
  var outputMeaning: OutputMeaning? { get }

  /// - Parameter classes: how many classes, labels or numbers the data has.
  /// - Throws: ``LossError`` where a network with these outputs cannot learn that many by this loss.
  func validate(outputs: Shape, classes: Int) throws(LossError)

  /// - Parameters:
  ///   - outputs: `[batch, outputs]`.
  ///   - targets: what is right for each example, of the kind ``target``.
  ///   - scale: by what both results are multiplied: 1 / batch gives the mean over the batch.
  /// - Returns: the sum of the examples' losses, and its gradient by each output, `[batch, outputs]`.
  func evaluate(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> (
    loss: Float, gradient: Tensor
  )
}

extension Loss {
  public static var target: TargetKind { .oneClass }
  public static var takesShares: Bool { false }
  public var outputMeaning: OutputMeaning? { nil }
}

/// A loss that knows its second derivatives.
public protocol SecondDerivativeLoss: Loss {
  /// The diagonal Gauss-Newton estimate of ∂²E/∂y² for each output, `[batch, outputs]`, never negative.
  func secondDerivatives(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> Tensor
}

/// What can go wrong in a loss.
public enum LossError: FoveaError, Equatable {
  case invalidConfiguration(kind: String, key: String, expected: String, got: String)
  case outputs(kind: String, expected: String, got: Shape)
  case target(kind: String, expected: String, got: Int)
  /// The targets are of another kind than the loss takes.
  case targetKind(kind: String, expected: TargetKind, got: TargetKind)
  case failed(kind: String, message: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .outputs(let kind, let expected, let got): "\(kind): expects \(expected), but the network puts out \(got)"
    case .target(let kind, let expected, let got): "\(kind): expects \(expected), but a label is class \(got)"
    case .targetKind(let kind, let expected, let got):
      "\(kind): takes \(expected) of each example, but the data gives \(got)"
    case .failed(let kind, let message): "\(kind): \(message)"
    }
  }
}

extension Sort where Member == any Loss.Type {
  public static var losses: Sort { Sort("losses", noun: "loss", plural: "losses", place: .description("loss")) { $0 } }
}

extension Registry {
  public var losses: KindRegistry<any Loss.Type> { self[.losses] }

  public mutating func register<L: Loss>(_ type: L.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .losses, from: origin)
  }
}
