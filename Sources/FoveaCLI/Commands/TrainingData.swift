import Foundation
import Fovea

/// What a training learns from and is judged by, as the command line says.
struct TrainingData {
  let training: Dataset
  let validation: Dataset?
  /// Where the validation images come from, in words.
  private let origin: String
  private let path: String

  init(_ path: String, _ options: DataOptions, _ judges: ValidationOptions, seed: UInt64) throws {
    self.path = path
    let (layout, columns) = (options.layout, options.columns)
    let training = try Dataset.open(path, part: .training, as: layout, columns: columns)
    guard training.labels.count > 1 || training.targetDescriptions.map(\.kind) != [.oneClass] else {
      throw CommandError(
        "\(training.name) holds one class only, '\(FileName.printable(training.labels[0]))', so that there is nothing to tell "
          + (training.source is ClassFolderDataset
            ? "apart; give the folder in which all class folders lie" : "apart; give images of two classes or more"))
    }
    if let fraction = judges.validationSplit {
      let parts = try Self.split(training, fraction, seed: seed, list: judges.splitList)
      (self.training, validation) = (parts.training, parts.validation)
      origin = "kept apart"
      return
    }
    self.training = training
    let validation =
      try judges.validation.map { path throws(DataError) in
        try Dataset.open(path, part: .validation, as: layout, columns: columns)
      }
      ?? Dataset.openSeparate(path, part: .validation, as: layout)
    self.validation = try validation?.matching(training)
    origin = validation.map { "in " + Self.place(of: $0, in: path) } ?? ""
  }

  /// - Parameter list: the path of a list that is kept, and then holds these parts.
  private static func split(
    _ data: Dataset, _ fraction: Double, seed: UInt64, list path: String?
  ) throws -> (training: Dataset, validation: Dataset) {
    guard let path else { return try data.split(validationFraction: fraction, seed: seed) }
    var list = FileManager.default.fileExists(atPath: path) ? try SplitList(contentsOf: path) : SplitList()
    let parts = try data.split(validationFraction: fraction, seed: seed, keeping: list)
    list.add(parts.training, as: .training)
    list.add(parts.validation, as: .validation)
    try list.write(to: path)
    return parts
  }

  /// The folder, or the file, as seen from the folder that was given.
  private static func place(of dataset: Dataset, in path: String) -> String {
    let folder = path.hasSuffix("/") ? path : path + "/"
    let name = dataset.name.hasPrefix(folder) ? String(dataset.name.dropFirst(folder.count)) : dataset.name
    return FileName.printable(name) + (dataset.source is ClassFolderDataset && !name.hasSuffix("/") ? "/" : "")
  }

  /// Says what was read.
  func report(on run: TrainingRun, to toolbox: Toolbox) {
    let (training, validation) = (run.training, run.validation)
    let judge = validation.map { "judged by \(Format.grouped($0.count)) \(origin)" } ?? "judged by no others"
    toolbox.note("\(FileName.printable(path)): \(training.text); \(judge)")
    let used = training.targetDescriptions.map(\.name) + training.pictureNames
    let unused = (self.training.targetDescriptions.map(\.name) + self.training.pictureNames).filter {
      !used.contains($0)
    }
    if !unused.isEmpty {
      toolbox.note("not used by this network: " + unused.map { FileName.printable($0) }.joined(separator: ", "))
    }
    toolbox.tell(training.remarks + (validation?.remarks ?? []))
    if let empty = validation?.emptyClasses { toolbox.warn("there is no image to judge by of \(empty)") }
    if let empty = training.emptyClasses { toolbox.warn("there is no image to learn from of \(empty)") }
  }
}
