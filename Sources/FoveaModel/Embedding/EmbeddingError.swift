public import FoveaCore

/// Why a layer's output cannot be taken as an embedding.
public enum EmbeddingError: FoveaError, Equatable {
  case unknownLayer(model: String, name: String, known: [String])
  /// The outputs of examples of several sizes have several dimensions.
  case openLayer(model: String, layer: String)
  case model(ModelError)

  public var description: String {
    switch self {
    case .unknownLayer(let model, let name, let known):
      "model '\(model)' has no layer '\(name)'; it has \(known.joined(separator: ", "))"
    case .openLayer(let model, let layer):
      "model '\(model)' takes pictures of any size, so that the maps of '\(layer)' have no fixed number of values; take their "
        + "means"
    case .model(let error): error.description
    }
  }
}
