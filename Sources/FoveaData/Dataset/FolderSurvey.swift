import FoveaImage

/// What the folders in a folder hold, as far as it is needed to tell parts from classes.
struct FolderSurvey {
  enum Content: Equatable {
    /// No picture, however deep.
    case nothing
    /// Pictures; folders below then belong to it.
    case pictures
    /// No picture itself, but these folders, which have some.
    case folders([String])
  }

  struct Folder: Equatable {
    let name: String
    let content: Content

    var part: DatasetPart? { DatasetPart(folderName: name) }
    /// The folders with pictures in it, where it holds none itself.
    var inner: [String] { if case .folders(let names) = content { names } else { [] } }
  }

  let path: String
  let listing: FolderListing
  /// Those that hold pictures, however deep.
  let folders: [Folder]

  /// - Throws: ``DataError/unreadable(path:reason:)``, for folders below too.
  init(_ path: String) throws(DataError) {
    self.path = path
    listing = try FolderListing(path)
    var folders: [Folder] = []
    for name in listing.folders {
      let content = try Self.content(of: path + "/" + name)
      if content != .nothing { folders.append(Folder(name: name, content: content)) }
    }
    self.folders = folders
  }

  /// Those that hold pictures themselves.
  var flat: [Folder] { folders.filter { $0.content == .pictures } }

  /// Those that hold none themselves, but folders with pictures.
  var nested: [Folder] { folders.filter { $0.content != .pictures } }

  private static func content(of path: String) throws(DataError) -> Content {
    var names: [String] = []
    var holdsPictures = false
    try FolderListing.forEach(path) { entry throws(DataError) in
      holdsPictures = entry.isPicture
      if entry.isFolder { names.append(try FolderListing.folderName(entry, in: path)) }
      return !holdsPictures
    }
    if holdsPictures { return .pictures }
    var filled: [String] = []
    for name in names.sorted() {
      var visited: Set = [try FolderListing.Identity(path)]
      if try FolderListing.holdsPicture(path + "/" + name, visited: &visited) { filled.append(name) }
    }
    return filled.isEmpty ? .nothing : .folders(filled)
  }
}
