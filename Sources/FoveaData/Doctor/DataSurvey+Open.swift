import FoveaCore
import FoveaImage

extension DataSurvey {
  /// All parts of the data at `path`, of which the one that is learned from comes first; ``FolderLayout`` tells them apart.
  ///
  /// A class may be without pictures here, and a folder may hold pictures and no class: both are then to be told.
  ///
  /// - Throws: ``DataError`` as ``Dataset/open(_:part:as:columns:)``.
  public static func open(
    _ path: String, as choice: FolderLayout.Choice = .automatic, columns: ManifestRoles = ManifestRoles()
  ) throws(DataError) -> [Part] {
    if Dataset.isManifest(path) { return [Part(try Dataset.open(path, part: .training, columns: columns))] }
    let layout: FolderLayout
    do { layout = try FolderLayout(path, choice) } catch {
      guard case .noDataset = error, (try? FolderSurvey.holdsPictureItself(FilePath(path))) == true else { throw error }
      return [Part(Dataset(try ClassFolderDataset(unlabelled: path)))]
    }
    var parts: [Part] = []
    switch layout.arrangement {
    case .classes: parts = [Part(Dataset(try ClassFolderDataset(folder: path, allowsEmptyClasses: true)))]
    case .idx:
      let folder = try IDXFolder(path)
      // The test part is the validation part, too.
      for part in [DatasetPart.training, .test] where folder.holds(part) {
        parts.append(Part(part.rawValue, Dataset(try IDXDataset(folder: path, part: part))))
      }
    case .parts(let folders):
      for part in DatasetPart.allCases {
        guard let name = folders[part] else { continue }
        let folder = path + (path.hasSuffix("/") ? "" : "/") + name
        parts.append(Part(part.rawValue, Dataset(try ClassFolderDataset(folder: folder, allowsEmptyClasses: true))))
      }
    }
    return parts.enumerated().map { number, part in
      var dataset = part.dataset
      if number == 0 { dataset.remarks = layout.remarks + dataset.remarks }
      return Part(part.name, dataset)
    }
  }
}
