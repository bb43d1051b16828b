/// Finds a data set's IDX files in a folder by their usual names.
struct IDXFolder {
  let path: String
  private let files: Set<String>

  init(_ path: String) throws(DataError) {
    self.init(path, listing: try FolderListing(path))
  }

  init(_ path: String, listing: FolderListing) {
    self.path = path
    files = Set(listing.files)
  }

  struct Files {
    let images: String
    let labels: String
    /// The classes' names, where they are known.
    let names: [String]?
  }

  /// Whether any part is here, complete or not.
  var isDataset: Bool { DatasetPart.allCases.contains(where: holds) }

  /// Whether this part is here, complete or not.
  func holds(_ part: DatasetPart) -> Bool {
    find("images", part) != nil || find("labels", part) != nil
  }

  func files(of part: DatasetPart) throws(DataError) -> Files {
    guard let images = find("images", part), let labels = find("labels", part) else {
      let missing = ["images", "labels"].filter { find($0, part) == nil }
        .map { Self.candidates($0, part.filePrefixes[0]).joined(separator: " or ") }
      throw .noDataset(
        path: path, part: part.rawValue, expected: missing.joined(separator: ", and "),
        got: files.isEmpty ? "no file" : files.sorted().prefix(12).joined(separator: ", "))
    }
    return Files(images: path + "/" + images, labels: path + "/" + labels, names: try names())
  }

  private func find(_ content: String, _ part: DatasetPart) -> String? {
    part.filePrefixes.lazy.flatMap { Self.candidates(content, $0) }.first(where: files.contains)
  }

  /// Plain ones first, for they need no unpacking.
  private static func candidates(_ content: String, _ prefix: String) -> [String] {
    let rank = content == "images" ? 3 : 1
    return ["", ".gz"].flatMap { ending in
      ["-", "."].map { "\(prefix)-\(content)\($0)idx\(rank)-ubyte\(ending)" }
    }
  }

  private func names() throws(DataError) -> [String]? {
    guard files.contains("labels.txt") else {
      let folder = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
      return folder.contains("fashion") ? IDXDataset.fashionLabels : nil
    }
    return try LabelFile.read(path + "/labels.txt")
  }
}
