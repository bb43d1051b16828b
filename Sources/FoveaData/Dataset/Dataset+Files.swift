import FoveaCore
import FoveaImage

extension Dataset {
  /// The files of a folder that are data without being pictures: IDX files and the classes' names.
  package static func files(in folder: String) -> [String] {
    guard let contents = try? FolderContents(reading: FilePath(folder)) else { return [] }
    return IDXFolder(folder, contents).names.map { folder + "/" + $0 }
  }
}
