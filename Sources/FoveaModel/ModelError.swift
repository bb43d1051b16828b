public import FoveaCore

/// What can go wrong when a model is made, run or loaded.
public enum ModelError: FoveaError, Equatable {
  /// The description is not valid; `problem` says what and how to mend it.
  case invalidDescription(model: String, problem: String)
  /// A layer cannot be made or run; `origin` says whose it is.
  case layer(name: String, origin: Origin = .builtin, error: LayerError)
  /// A layer, a step or a loss cannot be made of what is written.
  case kind(KindError)
  /// What comes in does not have the shape that the model was made for.
  case input(expected: Shape, got: Shape)
  /// What comes in is no floats.
  case inputElements(String, got: ElementType)
  /// A network with open inputs cannot be made for inputs of these shapes.
  case otherSize([Shape], problem: String)
  /// Gradients go with one size of a network with open inputs.
  case trainedSize(expected: [Shape], got: [Shape])
  /// Not one tensor for each of the model's inputs.
  case inputs(expected: [String], got: [String])
  /// Weights that are given do not fit the layers; one line each.
  case parameters(model: String, problems: [String])
  /// This processor has no instructions for numbers of that precision.
  case precision(Precision, requires: String)
  /// What whole numbers stand for does not go with the network, or is not known.
  case quantization(model: String, problem: String)
  /// Nothing goes from one tensor of the network to another.
  case unconnected(String, String)
  /// What should be numbers is none.
  case notFinite(FaultyNumbers)
  /// There is less memory than tensors take that must be there together.
  case memory(batchSize: Int, bytes: Int)
  /// There is less memory than the weights take.
  case weightMemory(model: String, bytes: Int)
  /// There is less memory than a training takes besides the weights: for gradients and what is remembered of each weight, and
  /// for a batch.
  case trainingMemory(model: String, weights: Int, batch: Int)

  public var description: String {
    switch self {
    case .invalidDescription(let model, let problem): "model '\(model)': \(problem)"
    case .layer(let name, .plugin(let plugin, let version), let error):
      "layer '\(name)' of plugin \(plugin) \(version): \(error)"
    case .layer(let name, _, let error): "layer '\(name)': \(error)"
    case .kind(let error): error.description
    case .input(let expected, let got):
      "the model takes examples of shape \(expected), but got \(got.withoutBatch) (batch of \(got.dimensions.first ?? 0))"
    case .inputElements(let name, let got):
      "the model takes float32, but '\(name)' is \(got.rawValue): use 'converted(to: .float32)'"
    case .otherSize(let shapes, let problem):
      "the network cannot be made for an input of \(shapes.map(\.description).joined(separator: " and ")): \(problem)"
    case .trainedSize(let expected, let got):
      "a training takes inputs of one size, here \(expected.map(\.description).joined(separator: " and ")), but got "
        + "\(got.map(\.description).joined(separator: " and ")): change 'shape' in the description, or the size in preprocessing"
    case .inputs(let expected, let got):
      "the model takes \(expected.count.counted("input")) (\(expected.joined(separator: ", "))), but got \(got.count) "
        + "(\(got.joined(separator: ", ")))"
    case .parameters(let model, let problems):
      "the weights do not fit model '\(model)':\n" + problems.map { "  " + $0 }.joined(separator: "\n")
    case .unconnected(let source, let output):
      "'\(output)' does not depend on '\(source)': choose a layer that lies before it"
    case .notFinite(let place): "\(place) is no finite number (NaN or infinity)"
    case .memory(let batchSize, let bytes):
      "there is no memory for \(batchSize.counted("example")) at once: their tensors take \(bytes / 1_000_000) MB or more; "
        + "give it fewer at once, or smaller ones"
    case .weightMemory(let model, let bytes):
      "there is no memory for model '\(model)': its weights alone take \(bytes / 1_000_000) MB; give it fewer, or smaller layers"
    case .trainingMemory(let model, let weights, let batch):
      "there is no memory to train model '\(model)': besides its weights, their gradients, what the optimizer remembers and other "
        + "copies take \(weights / 1_000_000) MB, and a batch \(batch / 1_000_000) MB or more; give it smaller layers or "
        + "batches, or take fewer threads, or an optimizer that remembers less, such as sgd"
    case .quantization(let model, let problem): "model '\(model)' in \(Precision.int8.rawValue): \(problem)"
    case .precision(let precision, let requirement):
      "this processor cannot compute in \(precision.rawValue): that takes \(requirement), which it lacks or "
        + "ONEDNN_MAX_CPU_ISA hides; \(Precision.float32.rawValue) runs everywhere"
    }
  }
}
