/// What the network says of one example, on its way from raw outputs to a decision.
///
/// It starts with the model's raw outputs as scores; each ``PostprocessingStep`` turns it into the next.
public struct Prediction: Sendable, Equatable {
  /// The classes' names, in the order of the model's outputs.
  public var labels: [String]
  /// One number per class; raw outputs at first, confidences 0…1 at the end.
  public var scores: [Float]
  /// Whether the scores are confidences, 0…1: a step that makes them so says so. Others are shown as the numbers that they
  /// are.
  public var areConfidences: Bool
  /// The index of the class that was decided for; nil while nobody has decided, or where a step rejected the example.
  public var decision: Int?

  public init(labels: [String], scores: [Float], areConfidences: Bool = false, decision: Int? = nil) {
    self.labels = labels
    self.scores = scores
    self.areConfidences = areConfidences
    self.decision = decision
  }

  /// Classes from the most to the least probable; equal ones in the order of the labels.
  public var ranking: [Int] {
    scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
  }
}

/// A step between the network's outputs and the decision: a value that is saved in the model file.
public protocol PostprocessingStep: Configurable {
  /// The one name of this step in code, descriptions, model files and errors, for example `softmax`.
  static var kind: String { get }

  /// One line for listings: what the step does.
  static var summary: String { get }

  /// What the step takes the scores for; nil, as at first, where it takes any.
  var outputMeaning: OutputMeaning? { get }

  /// - Throws: ``PredictionError/invalidConfiguration(kind:key:expected:got:)`` for settings that make no sense.
  func validate() throws(PredictionError)

  /// - Throws: ``PredictionError`` where the scores do not go with the step.
  func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction
}

extension PostprocessingStep {
  public static var summary: String { "" }
  public var outputMeaning: OutputMeaning? { nil }
  public func validate() throws(PredictionError) {}
}

/// What can go wrong between outputs and decision.
public enum PredictionError: FoveaError, Equatable {
  case invalidConfiguration(kind: String, key: String, expected: String, got: String)
  case scoreCount(kind: String, expected: String, got: Int)
  /// The network put out what is no number.
  case notANumber(output: Int)
  case failed(kind: String, message: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .scoreCount(let kind, let expected, let got):
      "\(kind): expects \(expected); but the model has \(got.counted("output"))"
    case .notANumber(let output): "output \(output) of the network is not a finite number; its weights are damaged"
    case .failed(let kind, let message): "\(kind): \(message)"
    }
  }
}

extension Collection where Element == any PostprocessingStep {
  /// From one example's raw outputs to its prediction. Before any step, the largest output wins.
  ///
  /// - Parameter areConfidences: whether the outputs are that before any step, as those of a softmax layer.
  /// - Throws: ``PredictionError`` where an output is not finite or a step does not go with the outputs.
  public func predict(
    _ outputs: [Float], labels: [String], areConfidences: Bool = false
  ) throws(PredictionError) -> Prediction {
    if let index = outputs.firstIndex(where: { !$0.isFinite }) { throw .notANumber(output: index) }
    var prediction = Prediction(labels: labels, scores: outputs, areConfidences: areConfidences)
    prediction.decision = prediction.ranking.first
    for step in self { prediction = try step.apply(prediction) }
    return prediction
  }
}
