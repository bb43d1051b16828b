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

/// The path of a model file, ours or another program's.
enum ModelArgument {
  /// What may stand in its place, for help.
  static let help = "A model file that 'fovea train' wrote, or another program's (\(ForeignFormats.standard.endings))."

  /// A model file of ours.
  static func load(_ path: String, _ toolbox: Toolbox) throws -> SavedModel {
    if let format = toolbox.formats.format(of: path) {
      throw CommandError(
        "'\(path.printable)' is a file of \(format.name), and this takes the toolkit's own: make one of it by 'fovea import', which also "
          + "takes how a picture becomes its input")
    }
    let saved = try ModelFile.load(path, registry: toolbox.registry)
    for warning in saved.warnings { toolbox.warn(warning) }
    return saved
  }

  /// - Parameter foreign: what a model of another program needs besides its file.
  static func load(
    _ path: String, _ foreign: ForeignModelOptions, for use: ModelUse, _ toolbox: Toolbox
  ) throws -> SavedModel {
    if let format = toolbox.formats.format(of: path) {
      let imported = try imported(format.open(path, registry: toolbox.registry), path, toolbox)
      return SavedModel(
        description: try foreign.complete(imported, of: path, for: use, toolbox), model: imported.model)
    }
    try foreign.refuse(for: path)
    return try load(path, toolbox)
  }

  /// A model of another program, made one of the toolkit; what a person should know of that is told.
  static func imported(
    _ source: any ForeignModel, _ path: String, size: ImageSize? = nil, _ toolbox: Toolbox
  ) throws -> ImportedModel {
    let imported = try source.imported(ImportSettings(name: ImportSettings.name(ofFile: path), inputSize: size))
    for note in imported.notes { toolbox.note(note) }
    for remainder in imported.remaining {
      toolbox.note(
        "'\(remainder.part.printable)' (\(remainder.kind.printable)) computes, but does not learn: "
          + remainder.reason.printable)
    }
    return imported
  }

  /// The same, or what a pipeline's description has in its place.
  ///
  /// - Returns: the model, or the first of several; with these, and all files that the results follow from: the given one first.
  static func loadPipeline(
    _ path: String, _ foreign: ForeignModelOptions, for use: ModelUse, _ toolbox: Toolbox
  ) throws -> (saved: SavedModel, ensemble: Ensemble?, files: [String]) {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
      return (try load(path, foreign, for: use, toolbox), nil, [path])
    }
    let description = try PipelineDescription(contentsOf: path)
    if description.models.allSatisfy({ toolbox.formats.format(of: $0) == nil }) { try foreign.refuse(for: path) }
    let ensemble = try Ensemble(description, registry: toolbox.registry) { path in
      try toolbox.formats.format(of: path) == nil ? load(path, toolbox) : load(path, foreign, for: use, toolbox)
    }
    return (ensemble.first, ensemble, [path] + description.models)
  }

  /// The model in a file; nil where the argument names an architecture or a description instead.
  static func loadIfModel(
    _ argument: String, _ foreign: ForeignModelOptions, for use: ModelUse, _ toolbox: Toolbox
  ) throws -> SavedModel? {
    guard Architecture.named(argument) == nil, isModelFile(argument) || toolbox.formats.format(of: argument) != nil
    else {
      try foreign.refuse(for: argument)
      return nil
    }
    return try load(argument, foreign, for: use, toolbox)
  }

  /// Whether a file is in the format of models, sound or not: a length in eight bytes and an opening brace.
  static func isModelFile(_ path: String) -> Bool {
    if path.hasSuffix(".safetensors") { return true }
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 9) else { return false }
    return start.count == 9 && start[start.startIndex + 8] == UInt8(ascii: "{") && start.prefix(8).contains(0)
  }
}
