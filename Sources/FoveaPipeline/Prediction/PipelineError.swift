public import FoveaCore
public import FoveaModel

/// What can go wrong between a picture and its prediction.
public enum PipelineError: FoveaError, Equatable {
  /// The picture cannot be decoded or does not go with the preprocessing.
  case image(ImageError)
  case model(ModelError)
  case prediction(PredictionError)
  /// The preprocessing can only make pictures, and the model takes something else.
  case unsuitableModel(name: String, input: Shape)
  /// There are not as many pictures as the model has inputs, or they have other names.
  case severalInputs(name: String, inputs: [String])
  /// The labels do not go with the outputs.
  case labelCount(expected: Int, got: Int)

  public var description: String {
    switch self {
    case .image(let error): error.description
    case .model(let error): error.description
    case .prediction(let error): error.description
    case .unsuitableModel(let name, let input):
      "model '\(name)' takes \(input), which is no picture: expected [channels, height, width]"
    case .severalInputs(let name, let inputs):
      "model '\(name)' takes \(inputs.count.counted("picture")) of each example: \(inputs.joined(separator: ", ")); "
        + (inputs.count == 1 ? "give that one" : "give one for each, by its name")
    case .labelCount(let expected, let got):
      "the model decides between \(expected.counted("class", "classes")), but \(got.counted("label is", "labels are")) given; "
        + "give one for each class"
    }
  }
}

extension PipelineError {
  /// For a row, where it is of one picture.
  public var reason: FailureReason {
    switch self {
    case .image(let error): error.reason
    case .model(.memory), .model(.weightMemory): .outOfMemory
    case .model(.otherSize), .severalInputs, .unsuitableModel: .unsuitable
    case .model, .prediction, .labelCount: .failed
    }
  }
}
