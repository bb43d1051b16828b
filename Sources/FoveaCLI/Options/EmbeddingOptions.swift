public import ArgumentParser
public import Fovea

/// Which layer's output is an image's embedding.
struct EmbeddingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layer whose output is taken, by its name in 'fovea summary', or 'input'; what goes into the head if left out.",
      valueName: "name"))
  var layer: String?

  @Flag(help: "Take all values of maps, and not the mean of each.")
  var allValues = false

  /// The network up to the layer, which is said.
  func model(of saved: SavedModel, _ toolbox: Toolbox) throws -> EmbeddingModel {
    let embedding = try EmbeddingModel(of: saved, layer: layer, averages: !allValues, registry: toolbox.registry)
    toolbox.note(Self.text(embedding, isChosen: layer == nil))
    return embedding
  }

  /// - Parameter isChosen: whether nobody has named the layer.
  static func text(_ embedding: EmbeddingModel, isChosen: Bool) -> String {
    let maps = embedding.shape.rank == 3 && embedding.shape[1] * embedding.shape[2] > 1
    return "layer '\(embedding.layer)'" + (isChosen ? ", which goes into the head" : "")
      + ": \(Format.shape(embedding.shape.dimensions))"
      + (embedding.isAveraged ? ", of which the mean of each map is taken" : maps ? ", all values" : "")
  }
}

extension DatasetPart: ExpressibleByArgument {}

/// Files of rows, by their names.
enum RowFile {
  /// What a file's ending says.
  static func format(
    of path: String, _ toolbox: Toolbox
  ) throws -> (made: any RowFormat, written: KindDescription) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
    let kind = KindDescription(kind: ending == "db" ? SQLiteRows.kind : ending)
    guard ending != TableRows.kind, let format = try? toolbox.registry.makeRowFormat(kind) else {
      throw UsageError("--output must end in .npy, .csv, .sqlite or .jsonl, but is '\(path)'")
    }
    return (format, kind)
  }

  /// Where the coordinates of a file's rows go.
  static func projection(of path: String, _ method: any ProjectionMethod) -> String {
    "\(path).\(type(of: method).kind).csv"
  }

  /// The name of the folder that a picture lies in; nothing where its path names none.
  static func folder(of path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.count > 1, parts[parts.count - 2] != ".", parts[parts.count - 2] != ".." else { return "" }
    return String(parts[parts.count - 2])
  }
}
