/// A step between the network's outputs and the result: a value that is saved in the model file.
///
/// Most turn a ``Prediction``, one class, into the next. One that makes another result takes ``NetworkOutputs`` and returns
/// its ``TaskResult``, and one may follow that takes what the step before it gives.
public protocol PostprocessingStep<Input, Output>: ConfigurableKind {
  /// ``Prediction``, ``NetworkOutputs``, or what another step returns.
  associatedtype Input: Sendable
  associatedtype Output: Sendable

  /// What the step takes the scores for; nil, as at first, where it takes any.
  var outputMeaning: OutputMeaning? { get }

  /// - Throws: ``PredictionError/invalidConfiguration(kind:key:expected:got:)`` for settings that make no sense.
  func validate() throws(PredictionError)

  /// - Throws: ``PredictionError`` where what comes in does not go with the step.
  func apply(_ input: Input) throws(PredictionError) -> Output
}

extension PostprocessingStep {
  public var outputMeaning: OutputMeaning? { nil }
  public func validate() throws(PredictionError) {}
  public func checkSettings() throws { try validate() }
}

extension Sort where Member == any PostprocessingStep.Type {
  public static var postprocessing: Sort {
    Sort("postprocessing", noun: "postprocessing step", place: .description("postprocessing")) { $0 }
  }
}

extension Registry {
  public var postprocessing: KindRegistry<any PostprocessingStep.Type> { self[.postprocessing] }

  public mutating func register<S: PostprocessingStep>(
    _ type: S.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .postprocessing, from: origin)
  }
}
