public import FoveaCore
import FoveaImage

extension Dataset {
  /// The part of the data at `path`, a folder that holds IDX files, folders of parts with class folders in them, or class
  /// folders themselves, which then are all of the data, whatever the part. ``FolderLayout`` tells them apart.
  ///
  /// A path that ends in `.csv` is a ``ManifestDataset``, which is all of the data, too.
  ///
  /// - Parameter columns: what columns of such a file hold, where their heads do not say it.
  /// - Throws: ``DataError/noDataset(path:part:expected:got:)``, which says what was looked for and what is there, what
  ///   ``FolderLayout`` throws, and whatever is wrong with what is there.
  public static func open(
    _ path: String, part: DatasetPart, as choice: FolderLayout.Choice = .automatic,
    columns: ManifestRoles = ManifestRoles()
  ) throws(DataError) -> Dataset {
    if isManifest(path) { return Dataset(try ManifestDataset(path: path, roles: columns)) }
    let layout = try FolderLayout(path, choice)
    if case .classes = layout.arrangement { return Dataset(try ClassFolderDataset(folder: path)).remarking(layout) }
    guard let dataset = try layout.open(part, in: path, choice) else {
      throw layout.missing(part, try FolderSurvey(FilePath(path), choice))
    }
    return dataset
  }

  /// The part of the data at `path`, where the folder keeps it apart from the others; nil where it does not.
  ///
  /// So training knows whether a folder brings validation data of its own.
  public static func openSeparate(
    _ path: String, part: DatasetPart, as choice: FolderLayout.Choice = .automatic
  ) throws(DataError) -> Dataset? {
    isManifest(path) ? nil : try FolderLayout(path, choice).open(part, in: path, choice)
  }

  static func isManifest(_ path: String) -> Bool { path.lowercased().hasSuffix(".csv") }

  private func remarking(_ layout: FolderLayout) -> Dataset {
    var dataset = self
    dataset.remarks = layout.remarks + remarks
    return dataset
  }
}

extension FolderLayout {
  /// A part that is kept apart from the others.
  fileprivate func open(_ part: DatasetPart, in path: String, _ choice: Choice) throws(DataError) -> Dataset? {
    var dataset: Dataset
    switch arrangement {
    case .classes: return nil
    case .idx:
      guard try IDXFolder(path).holds(part) else { return nil }
      dataset = Dataset(try IDXDataset(folder: path, part: part))
    case .parts(let folders):
      guard let name = part.substitutes.lazy.compactMap({ folders[$0] }).first else { return nil }
      let folder = path + (path.hasSuffix("/") ? "" : "/") + name
      if choice == .automatic { try Self.requireClasses(try FolderSurvey(FilePath(folder), .classes), inPart: true) }
      // The network learns from all of its classes, but need not be judged by all of them.
      dataset = Dataset(try ClassFolderDataset(folder: folder, allowsEmptyClasses: part != .training))
    }
    dataset.remarks = remarks + dataset.remarks
    return dataset
  }

  fileprivate func missing(_ part: DatasetPart, _ survey: FolderSurvey) -> DataError {
    let folders = survey.contents.names(.folder).map { "\($0)/" + survey.reason(against: $0) }
    let found = folders + survey.contents.names(.file) + survey.contents.names(.picture)
    let prefix = part.filePrefixes[0]
    return .noDataset(
      path: survey.path.description, part: part.rawValue,
      expected: arrangement == .idx
        ? "\(prefix)-images-idx3-ubyte and \(prefix)-labels-idx1-ubyte, plain or .gz"
        : "a folder \(part.substitutes.map { $0 == .training ? "train/" : $0 == .test ? "test/" : "validation/" }.joined(separator: " or ")) "
          + "with one folder of images for each class",
      got: ([DataError.list(found)] + remarks.map(\.text)).joined(separator: "; "))
  }
}
