import FoveaImage

extension Dataset {
  /// The part of the data at `path`, a folder that holds IDX files, `train`, `validation` or `test` folders with class
  /// folders in them, or class folders themselves, which then are all of the data, whatever the part.
  ///
  /// - Throws: ``DataError/noDataset(path:part:expected:got:)``, which says what was looked for and what is there, and
  ///   whatever is wrong with what is there.
  public static func open(_ path: String, part: DatasetPart) throws(DataError) -> Dataset {
    if let dataset = try openSeparate(path, part: part) { return dataset }
    let listing = try FolderListing(path)
    let parts = partFolders(in: path, listing)
    if !parts.isEmpty || IDXFolder(path, listing: listing).isDataset || listing.folders.isEmpty {
      throw missing(part, in: path, listing)
    }
    return Dataset(try ClassFolderDataset(folder: path, listing: listing))
  }

  /// The part of the data at `path`, where the folder keeps it apart from the others; nil where it does not.
  ///
  /// So training knows whether a folder brings validation data of its own.
  public static func openSeparate(_ path: String, part: DatasetPart) throws(DataError) -> Dataset? {
    let listing = try FolderListing(path)
    let files = IDXFolder(path, listing: listing)
    if files.holds(part) { return Dataset(try IDXDataset(folder: path, part: part)) }
    let parts = partFolders(in: path, listing)
    for name in part.folderNames {
      if let folder = parts.first(where: { $0.lowercased() == name }) {
        return Dataset(try ClassFolderDataset(folder: path + "/" + folder))
      }
    }
    return nil
  }

  /// Subfolders that are parts, not classes: they have such a name, folders in them, and no pictures of their own, so
  /// that a class of pictures of trains stays one.
  private static func partFolders(in path: String, _ listing: FolderListing) -> [String] {
    listing.folders.filter { name in
      guard DatasetPart.allFolderNames.contains(name.lowercased()),
        let inner = try? FolderListing(path + "/" + name)
      else { return false }
      return !inner.folders.isEmpty && !inner.files.contains(where: PictureFiles.isPicture)
    }
  }

  private static func missing(_ part: DatasetPart, in path: String, _ listing: FolderListing) -> DataError {
    let found = listing.folders.map { $0 + "/" } + listing.files
    let folders = part.folderNames.map { $0 + "/" }.joined(separator: " or ")
    return .noDataset(
      path: path, part: part.rawValue,
      expected: "IDX files (\(part.filePrefixes[0])-images-idx3-ubyte and \(part.filePrefixes[0])-labels-idx1-ubyte, "
        + "plain or .gz), a folder \(folders) with one folder of images for each class, or such class folders",
      got: found.isEmpty
        ? "nothing" : found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", … (\(found.count))" : ""))
  }
}
