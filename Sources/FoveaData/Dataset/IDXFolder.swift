import FoveaCore
import FoveaImage

/// Finds a data set's IDX files in a folder by their usual names: `train-images-idx3-ubyte`, with a name of the set before
/// it (`emnist-letters-train-…`) or without.
struct IDXFolder {
  let path: String
  private let files: Set<String>

  init(_ path: String) throws(DataError) {
    self.init(path, try FolderContents(reading: FilePath(path)))
  }

  init(_ path: String, _ contents: FolderContents) {
    self.path = path
    files = Set(contents.names(.file))
  }

  struct Files {
    let images: String
    let labels: String
    /// The classes' names, where a file gives them.
    let names: [String]?
    /// The labels of the data set's other parts.
    let otherLabels: [String]
  }

  /// Whether any part is here, complete or not.
  var isDataset: Bool { DatasetPart.allCases.contains(where: holds) }

  /// Whether this part is here, complete or not.
  func holds(_ part: DatasetPart) -> Bool {
    !find("images", part).isEmpty || !find("labels", part).isEmpty
  }

  func files(of part: DatasetPart) throws(DataError) -> Files {
    let found = (images: find("images", part), labels: find("labels", part))
    let sets = Set(found.images.map(\.set) + found.labels.map(\.set)).sorted()
    guard sets.count < 2 else {
      throw .ambiguousFolder(
        path: path,
        found: "there are \(sets.count) sets of IDX files: "
          + sets.map { $0.isEmpty ? "one without a name" : "\($0)…" }.joined(separator: ", "),
        advice: "put each into a folder of its own")
    }
    guard let images = found.images.first, let labels = found.labels.first else {
      let missing = ["images", "labels"].filter { find($0, part).isEmpty }
        .map { Self.candidates($0, part.filePrefixes[0]).joined(separator: " or ") }
      throw .noDataset(
        path: path, part: part.rawValue, expected: missing.joined(separator: ", and "),
        got: files.isEmpty ? "no file" : DataError.list(files.sorted(), most: 12))
    }
    let others = DatasetPart.allCases.compactMap { find("labels", $0).first { $0.set == labels.set }?.name }
    return Files(
      images: path + "/" + images.name, labels: path + "/" + labels.name,
      names: files.contains(LabelFile.name) ? try LabelFile.read(path + "/" + LabelFile.name) : nil,
      otherLabels: Set(others).subtracting([labels.name]).sorted().map { path + "/" + $0 })
  }

  private struct Found {
    let name: String
    /// What stands before the usual name: `emnist-letters-`.
    let set: String
  }

  /// All IDX files, and the classes' names.
  var names: [String] {
    let endings = DatasetPart.allCases.flatMap { part in
      part.filePrefixes.flatMap { Self.candidates("images", $0) + Self.candidates("labels", $0) }
    }
    return files.filter { name in name == LabelFile.name || endings.contains(where: name.hasSuffix) }.sorted()
  }

  /// The best one of each set.
  private func find(_ content: String, _ part: DatasetPart) -> [Found] {
    var found: [String: Found] = [:]
    for candidate in part.filePrefixes.flatMap({ Self.candidates(content, $0) }) {
      for name in files where name.hasSuffix(candidate) {
        let set = String(name.dropLast(candidate.count))
        guard set.isEmpty || set.hasSuffix("-") || set.hasSuffix("_"), found[set] == nil else { continue }
        found[set] = Found(name: name, set: set)
      }
    }
    return found.values.sorted { $0.set < $1.set }
  }

  /// Plain ones first, for they need no unpacking.
  private static func candidates(_ content: String, _ prefix: String) -> [String] {
    let rank = content == "images" ? 3 : 1
    return ["", ".gz"].flatMap { ending in
      ["-", "."].map { "\(prefix)-\(content)\($0)idx\(rank)-ubyte\(ending)" }
    }
  }
}
