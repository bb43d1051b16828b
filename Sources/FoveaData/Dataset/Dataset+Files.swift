extension Dataset {
  /// The files of a folder that are data without being pictures: IDX files and the classes' names.
  package static func files(in folder: String) -> [String] {
    guard let files = try? IDXFolder(folder) else { return [] }
    return files.names.map { files.path + "/" + $0 }
  }
}
