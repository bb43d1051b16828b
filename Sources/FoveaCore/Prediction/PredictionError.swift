/// What can go wrong between outputs and result.
public enum PredictionError: FoveaError, Equatable {
  case invalidConfiguration(kind: String, key: String, expected: String, got: String)
  case scoreCount(kind: String, expected: String, got: Int)
  /// The outputs have another shape than the step takes.
  case shape(kind: String, expected: String, got: Shape)
  /// The names do not go with what the step makes of the outputs.
  case labelCount(kind: String, expected: Int, got: Int)
  /// The network has no output of that name.
  case unknownOutput(kind: String, name: String, known: [String])
  /// A step takes something else than comes to it.
  case order(kind: String, expected: String, got: String)
  /// What the last step gives is no result.
  case noResult(kind: String, gives: String)
  /// Somebody wants another result than there is.
  case otherResult(expected: String, got: String)
  /// The network put out what is no number.
  case notANumber(output: Int)
  case failed(kind: String, message: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .scoreCount(let kind, let expected, let got):
      "\(kind): expects \(expected); but the model has \(got.counted("output"))"
    case .shape(let kind, let expected, let got): "\(kind): expects \(expected); but the network puts out \(got)"
    case .labelCount(let kind, let expected, let got):
      "\(kind): the outputs stand for \(expected), but \(got.counted("label is", "labels are")) given; give one for each"
    case .unknownOutput(let kind, let name, let known):
      "\(kind): the network has no output '\(name)'" + Spelling.hint(for: name, among: known)
        + " Its outputs: \(known.joined(separator: ", "))"
    case .order(let kind, let expected, let got):
      "the postprocessing step '\(kind)' takes \(expected), but what comes to it is \(got): put another step before it, or "
        + "remove one"
    case .noResult(let kind, let gives):
      "the postprocessing yields no result: its last step, '\(kind)', gives \(gives); end with a step that gives one"
    case .otherResult(let expected, let got):
      "\(expected) is asked for, but the postprocessing yields \(got)"
    case .notANumber(let output): "output \(output) of the network is not a finite number; its weights are damaged"
    case .failed(let kind, let message): "\(kind): \(message)"
    }
  }

  /// A type that comes into or out of a step, in words.
  static func name(of type: Any.Type) -> String {
    if type == NetworkOutputs.self { return "the network's outputs" }
    return (type as? any TaskResult.Type).map { "a result '\($0.kind)'" } ?? "a value '\(type)'"
  }
}
