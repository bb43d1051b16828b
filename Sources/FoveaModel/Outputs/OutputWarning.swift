public import FoveaCore

/// What is no error, but hardly ever meant: outputs, loss and postprocessing that do not go together.
public enum OutputWarning: Sendable, Equatable, CustomStringConvertible {
  /// The last layer does what the loss does once more.
  case activationBeforeLoss(layer: String, kind: String, loss: String, squashing: String)
  /// The last layer cannot put out all the numbers that the loss asks for.
  case limitedBeforeLoss(layer: String, kind: String, loss: String, limit: String)
  /// The loss pulls the outputs where they do not mean what they are.
  case lossOfOtherOutputs(layer: String, kind: String, loss: String, expected: OutputMeaning)
  /// The loss takes the outputs for distances, and they may be negative.
  case negativeDistances(layer: String, kind: String, loss: String)
  /// The softmax of a single output is always 1.
  case singleOutput(user: String)
  /// A step makes confidences of what are confidences already.
  case confidencesTwice(source: String, step: String)
  /// A step takes the outputs for something else than the last layer makes or the loss trains.
  case stepOfOtherOutputs(source: String, step: String, expected: OutputMeaning)
  /// A threshold that is compared with what are no confidences.
  case thresholdWithoutConfidences(threshold: Float)
  /// A threshold that nothing is below, or next to nothing above.
  case threshold(Float, classes: Int, rejects: Bool)
  /// A step does not go with the outputs.
  case refused(PredictionError)

  public var description: String {
    switch self {
    case .activationBeforeLoss(let layer, let kind, let loss, let squashing):
      "the loss '\(loss)' takes logits and applies the \(squashing) itself, but the last layer, '\(layer)', is a \(kind) "
        + "already: confidences stay flat and the loss stays high; remove the layer"
    case .limitedBeforeLoss(let layer, let kind, let loss, let limit):
      "the last layer, '\(layer)' (\(kind)), puts out \(limit), but the loss '\(loss)' needs numbers of both signs, "
        + "however large; remove the layer"
    case .lossOfOtherOutputs(let layer, let kind, let loss, let expected):
      "the loss '\(loss)' trains the outputs to be \(expected.rawValue), but the last layer, '\(layer)' (\(kind)), puts out "
        + "distances, of which the smallest is the most probable: take maximumAPosteriori"
    case .negativeDistances(let layer, let kind, let loss):
      "the loss '\(loss)' takes distances, 0 or more, but the last layer, '\(layer)' (\(kind)), may put out negative "
        + "numbers, so that the loss has no lower bound; end with radialBasisOutput, or take softmaxCrossEntropy"
    case .singleOutput(let user):
      "\(user): of a single output it is always 1, so that nothing can be learned; for two classes, take one output "
        + "with binaryCrossEntropy and sigmoid, or two outputs"
    case .confidencesTwice(let source, let step):
      "the postprocessing step '\(step)' is applied to what \(source) has made confidences already: they become flat; "
        + "remove one of the two"
    case .stepOfOtherOutputs(let source, let step, let expected):
      "the postprocessing step '\(step)' takes the outputs for \(expected.words), but \(source): decisions and "
        + "confidences will not be those that were trained"
    case .thresholdWithoutConfidences(let threshold):
      "rejectBelow: \(threshold) is compared with raw outputs, which are no confidences; put the step that makes them, such "
        + "as softmax, before it"
    case .threshold(let threshold, let classes, rejects: false):
      "rejectBelow: the best of \(classes) classes has a confidence of \(threshold) or more always, so that nothing is "
        + "rejected; take a higher threshold or remove the step"
    case .threshold(let threshold, _, rejects: true):
      "rejectBelow: hardly any confidence reaches \(threshold), so that nearly all is rejected; take a lower threshold"
    case .refused(let error): error.description
    }
  }
}

extension OutputMeaning {
  fileprivate var words: String {
    switch self {
    case .logits: "logits, the largest for the most probable class"
    case .logit: "one logit"
    case .distances: "distances, the smallest for the most probable class"
    case .indicators: "numbers between 0 and 1"
    case .labelLogits: "a logit for each label"
    case .numbers: "the numbers that are asked for"
    }
  }
}
