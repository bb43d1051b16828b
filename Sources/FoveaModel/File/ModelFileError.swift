public import FoveaCore

/// What can go wrong with a model file.
public enum ModelFileError: FoveaError, Equatable {
  case safeTensors(SafeTensorsError)
  /// A safetensors file that some other program made.
  case notAModel(file: String)
  /// The file is of a format that came after this version of the toolkit.
  case newerFormat(file: String, format: Int, newest: Int, toolkit: String)
  case invalidDocument(file: String, problem: String)
  /// Kinds that the model names are not registered; one line each, with how to get them.
  case missingKinds(file: String, problems: [String])
  case model(file: String, error: ModelError)
  /// A weight is no finite number.
  case notFinite(file: String, tensor: String, index: Int)
  /// Trained weights are floats.
  case unsuitableWeights(ElementType)
  /// A weight is larger than what the file is to hold.
  case tooLarge(tensor: String, magnitude: Float, weights: ElementType)
  /// The file's content is not what its checksum was made of.
  case damaged(file: String)
  /// The model was not made from the description.
  case mismatch(model: String, problem: String)

  public var description: String {
    switch self {
    case .safeTensors(let error): error.description
    case .notAModel(let file):
      "'\(file)' is a safetensors file, but no Fovea model: its metadata has no entry 'fovea'; "
        + "give a file that 'fovea train' wrote"
    case .newerFormat(let file, let format, let newest, let toolkit):
      "'\(file)' has format \(format) and was saved by Fovea \(toolkit); this is Fovea \(Toolkit.version), which reads "
        + "formats up to \(newest): update it"
    case .invalidDocument(let file, let problem):
      "'\(file)': what it says of its model is damaged: \(problem); save or fetch the file again"
    case .missingKinds(let file, let problems):
      "'\(file)' needs what is not registered here:\n" + problems.map { "  " + $0 }.joined(separator: "\n")
    case .model(let file, let error): "'\(file)': \(error)"
    case .notFinite(let file, let tensor, let index):
      "'\(file)': weight \(index) of '\(tensor)' is no finite number; the training diverged or the file is damaged"
    case .unsuitableWeights(let element):
      "weights are kept as float32, float16 or bfloat16, and not as \(element.rawValue)"
    case .tooLarge(let tensor, let magnitude, let weights):
      "'\(tensor)' has a weight of magnitude \(magnitude), which \(weights.rawValue) does not hold; save the weights as bfloat16 or "
        + "float32"
    case .damaged(let file):
      "'\(file)' is damaged: its content does not match its checksum; save or fetch the file again"
    case .mismatch(let model, let problem):
      "model '\(model)' does not go with the description that it is saved with: \(problem)"
    }
  }
}
