import FoveaCore
import FoveaImage

/// Finds a data set's IDX files in a folder by their usual names: `train-images-idx3-ubyte`, with a name of the set before
/// it (`emnist-letters-train-…`) or without. A folder may hold several sets, which are told by name: `gzip/emnist-letters`.
struct IDXFolder {
  /// Of the folder itself.
  let path: String
  private let files: Set<String>

  init(_ path: String) throws(DataError) {
    if let set = IDXFolder(setAt: path) {
      self = set
    } else {
      self.init(path, try FolderContents(reading: FilePath(path)))
    }
  }

  /// One set of several in a folder. Nil where there is something of that name, or no set.
  init?(setAt path: String) {
    guard FileIdentity(FilePath(path)) == nil, let slash = path.lastIndex(of: "/") ?? path.indices.first else {
      return nil
    }
    let isBare = path[slash] != "/"
    let name = isBare ? path : String(path[path.index(after: slash)...])
    let folder = isBare ? "." : slash == path.startIndex ? "/" : String(path[..<slash])
    guard !name.isEmpty, let contents = try? FolderContents(FilePath(folder)) else { return nil }
    self.path = folder
    files = Set(
      contents.names(.file).filter { $0.hasPrefix(name + "-") || $0.hasPrefix(name + "_") || $0 == LabelFile.name })
    guard isDataset else { return nil }
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
    /// The classes' names by their numbers, where such a file gives them.
    let mapping: LabelMapping?
    /// Whether pictures are stored column by column, as those of EMNIST are.
    let areTransposed: Bool
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
        advice: "name one, such as '\(path)/\(sets[sets.count - 1].dropLast())', or put each into a folder of its own")
    }
    guard let images = found.images.first, let labels = found.labels.first else {
      let missing = ["images", "labels"].filter { find($0, part).isEmpty }
        .map { Self.candidates($0, part.filePrefixes[0]).joined(separator: " or ") }
      throw .noDataset(
        path: path, part: part.rawValue, expected: missing.joined(separator: ", and "),
        got: files.isEmpty ? "no file" : DataError.list(files.sorted(), most: 12))
    }
    let others = DatasetPart.allCases.compactMap { find("labels", $0).first { $0.set == labels.set }?.name }
    let names = files.contains(LabelFile.name) ? try LabelFile.read(path + "/" + LabelFile.name) : nil
    let mapping = names == nil && files.contains(images.set + LabelMapping.name) ? images.set + LabelMapping.name : nil
    return Files(
      images: path + "/" + images.name, labels: path + "/" + labels.name, names: names,
      mapping: try mapping.map { name throws(DataError) in try LabelMapping(path + "/" + name) },
      areTransposed: images.set.lowercased().hasPrefix("emnist"),
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
    return files.filter { name in
      name == LabelFile.name || name.hasSuffix(LabelMapping.name) || endings.contains(where: name.hasSuffix)
    }.sorted()
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
