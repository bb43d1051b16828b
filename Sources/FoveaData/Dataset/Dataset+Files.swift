extension Dataset {
  /// The files of a folder that are data without being pictures: IDX files and the classes' names.
  package static func files(in folder: String) -> [String] {
    guard let listing = try? FolderListing(folder) else { return [] }
    return IDXFolder(folder, listing: listing).names.map { folder + "/" + $0 }
  }
}
