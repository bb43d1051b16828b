public import FoveaCore

/// Why several models cannot judge a picture together.
public enum EnsembleError: FoveaError, Equatable {
  case configuration(ConfigurationError)
  case kind(KindError)
  case model(ModelError)
  /// A view cannot be made of the models' inputs.
  case view(PredictionError)
  /// Two models that are not of one kind.
  case disagreement(of: String, first: String, expected: String, other: String, got: String)
  /// There is no mean of what a model yields.
  case unaveraged(model: String, output: String, reason: String)

  public var description: String {
    switch self {
    case .configuration(let error): error.description
    case .kind(let error): error.description
    case .model(let error): error.description
    case .view(let error): error.description
    case .disagreement(let what, let first, let expected, let other, let got):
      "models that are averaged must agree in \(what): '\(first)' has \(expected), but '\(other)' has \(got)"
    case .unaveraged(let model, let output, let reason):
      "the results of model '\(model)' for its output '\(output)' cannot be averaged: \(reason)"
    }
  }
}
