public import FoveaCore

/// Saves models and loads them: one safetensors file, whose metadata hold one JSON document under the key `fovea`.
///
/// Tensors are named `c3.kernel`. The document says format, toolkit, description with every setting, where kinds came
/// from that are not built in, the training record, and a checksum of all that, names and tensors. A program that edits
/// a model file may leave the checksum out.
public enum ModelFile {
  /// The entry in the metadata.
  static let key = "fovea"

  /// Writes a file that appears whole or not at all; the same model gives the same bytes.
  ///
  /// - Parameters:
  ///   - registry: the one that the model was made with.
  ///   - weights: in which floats the weights are kept that are trained: half as many bytes for float16, which has 11
  ///     significant bits and ends at 65504, and bfloat16, which has 8. Where nil, as in the file that the model came from,
  ///     or else in float32. All other parameters are kept as they are.
  /// - Throws: ``ModelFileError`` where ``load(_:registry:)`` would refuse the file, by the same checks; where the model does
  ///   not go with its description; or where the file cannot be written. What was there before is then untouched.
  public static func save(
    _ saved: SavedModel, registry: Registry, to path: String, weights: ElementType? = nil
  ) throws(ModelFileError) {
    let weights = weights ?? saved.weights
    guard weights.isFloat else { throw .unsuitableWeights(weights) }
    var file = SafeTensors()
    for (name, parameter, tensor) in saved.model.namedParameters {
      try expectFinite(tensor, name: name, file: path)
      let kept = parameter.isTrainable ? tensor.converted(to: weights) : tensor
      guard kept.isFinite else { throw .tooLarge(tensor: name, magnitude: tensor.largestMagnitude, weights: weights) }
      file.tensors[name] = kept
    }
    if saved.model.quantization != nil {
      do { QuantizedTensors.fold(try saved.model.inPrecision(.int8), into: &file.tensors) } catch {
        throw .model(file: path, error: error)
      }
    }
    let description = try saved.description.completed(with: saved.model, registry: registry)
    let document = ModelDocument(
      toolkit: Toolkit.version, description: description, origins: registry.origins(of: description.namedKinds),
      training: saved.training, quantization: saved.model.quantization)
    file.metadata[key] = try document.json(with: file.tensors, file: path)
    do throws(ModelFileError) {
      // What cannot be loaded again is not saved.
      let written = try ModelDocument(metadata: file.metadata, file: path)
      _ = try written.check(against: registry, file: path)
      _ = try model(of: written, file.tensors, registry: registry, file: path)
    } catch {
      guard case .invalidDocument(_, let problem) = error else { throw error }
      throw .mismatch(model: description.name, problem: problem)
    }
    do { try file.write(to: path) } catch { throw .safeTensors(error) }
  }

  /// Reads a model.
  ///
  /// - Throws: ``ModelFileError`` that names the file, with all that is wrong at once where that is possible.
  public static func load(_ path: String, registry: Registry) throws(ModelFileError) -> SavedModel {
    // Before the tensors are read: the file may be large and none of ours.
    let header: SafeTensorsHeader
    do { header = try SafeTensors.header(of: path) } catch { throw .safeTensors(error) }
    let document = try ModelDocument(metadata: header.metadata, file: path)
    let (origins, warnings) = (document.origins, try document.check(against: registry, file: path))

    let file: SafeTensors
    do { file = try SafeTensors(contentsOf: path) } catch { throw .safeTensors(error) }
    for (name, tensor) in file.tensors { try expectFinite(tensor, name: name, file: path) }
    let model = try model(of: document, file.tensors, registry: registry, file: path)
    var saved = SavedModel(description: document.description, model: model, training: document.training)
    let kept = Set(model.namedParameters.filter(\.parameter.isTrainable).compactMap { file.tensors[$0.name]?.element })
    if kept.count == 1, let element = kept.first, element.isFloat { saved.weights = element }
    saved.origins = origins
    saved.warnings = warnings
    return saved
  }

  private static func model(
    of document: ModelDocument, _ tensors: [String: Tensor], registry: Registry, file: String
  ) throws(ModelFileError) -> Model {
    try document.checkLabels(file: file)
    var model: Model
    let (floats, wrong) = document.quantization == nil ? (tensors, nil) : QuantizedTensors.unfolded(tensors)
    if let wrong {
      let scales = QuantizedRows.name(ofScales: wrong)
      throw .invalidDocument(file: file, problem: "'\(scales)' has no scale for each row of '\(wrong)'")
    }
    do {
      try registry.checkSteps(of: document.description, needsLoss: false)
      model = try Model(document.description, registry: registry, tensors: floats)
      if let quantization = document.quantization { model = try model.quantized(by: quantization) }
    } catch {
      throw .model(file: file, error: error)
    }
    try document.checkLabels(of: model, registry, file: file)
    // Last, since the checks before it can say what is wrong.
    try document.verify(tensors, file: file)
    return model
  }

  private static func expectFinite(_ tensor: Tensor, name: String, file: String) throws(ModelFileError) {
    guard tensor.element.isFloat else { return }
    let index = tensor.withUnsafeFloats { $0.firstIndex { !$0.isFinite } }
    if let index { throw .notFinite(file: file, tensor: name, index: index) }
  }
}
