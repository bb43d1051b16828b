import Foundation
import Fovea

/// The name of a built-in architecture or the path of a YAML file.
enum DescriptionArgument {
  static let names = Architecture.all.map(\.name).joined(separator: ", ")

  /// - Throws: also where a step or the loss cannot be made, which a network alone would not tell.
  static func load(_ argument: String, _ toolbox: Toolbox) throws -> ModelDescription {
    if Architecture.named(argument) == nil && ModelArgument.isModelFile(argument) {
      throw CommandError("'\(argument)' is a trained model; give an architecture's name or a YAML description")
    }
    let description = try ModelDescription(named: argument)
    try toolbox.registry.checkSteps(of: description)
    return description
  }

  /// A built-in network tells as many classes apart as the data have; a description of one's own says itself what it puts out.
  static func fitted(
    _ description: ModelDescription, _ argument: String, to data: Dataset, _ toolbox: Toolbox
  ) -> ModelDescription {
    guard Architecture.named(argument) != nil, data.targetDescriptions.map(\.kind) == [.oneClass] else {
      return description
    }
    let fitted = description.fitted(classes: data.labels.count)
    if fitted != description {
      toolbox.note("\(description.name): with outputs for the \(data.labels.count) classes of the data")
    }
    return fitted
  }
}

/// The path of a model file.
enum ModelArgument {
  static func load(_ path: String, _ toolbox: Toolbox) throws -> SavedModel {
    let saved = try ModelFile.load(path, registry: toolbox.registry)
    for warning in saved.warnings { toolbox.warn(warning) }
    return saved
  }

  /// The same, or what a pipeline's description has in its place.
  ///
  /// - Returns: the model, or the first of several; with these, and all files that the results follow from: the given one first.
  static func loadPipeline(
    _ path: String, _ toolbox: Toolbox
  ) throws -> (saved: SavedModel, ensemble: Ensemble?, files: [String]) {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return (try load(path, toolbox), nil, [path]) }
    let description = try PipelineDescription(contentsOf: path)
    let ensemble = try Ensemble(description, registry: toolbox.registry)
    for warning in ensemble.first.warnings { toolbox.warn(warning) }
    return (ensemble.first, ensemble, [path] + description.models)
  }

  /// The model in a file; nil where the argument names an architecture or a description instead.
  static func loadIfModel(_ argument: String, _ toolbox: Toolbox) throws -> SavedModel? {
    guard Architecture.named(argument) == nil, isModelFile(argument) else { return nil }
    return try load(argument, toolbox)
  }

  /// Whether a path is that of an ONNX file, by its ending.
  static func isONNX(_ path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

  /// Whether a file is in the format of models, sound or not: a length in eight bytes and an opening brace.
  static func isModelFile(_ path: String) -> Bool {
    if path.hasSuffix(".safetensors") { return true }
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 9) else { return false }
    return start.count == 9 && start[start.startIndex + 8] == UInt8(ascii: "{") && start.prefix(8).contains(0)
  }
}
