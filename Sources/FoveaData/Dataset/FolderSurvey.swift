import FoveaImage

/// What the folders in a folder hold, as far as it is needed to tell parts from classes.
struct FolderSurvey {
  enum Content: Equatable {
    /// Pictures; folders below then belong to it.
    case pictures
    /// These folders, which have some; in a part, strays may lie beside them.
    case folders([String])
  }

  struct Folder: Equatable {
    let name: String
    let content: Content

    var part: DatasetPart? { DatasetPart(folderName: name) }
    /// The folders with pictures in it, where it is no class itself.
    var inner: [String] { if case .folders(let names) = content { names } else { [] } }
  }

  let path: String
  let listing: FolderListing
  /// Those that hold pictures, however deep.
  let folders: [Folder]

  /// - Throws: ``DataError/unreadable(path:reason:)``, for folders below too.
  init(_ path: String, _ choice: FolderLayout.Choice = .automatic) throws(DataError) {
    self.path = path
    listing = try FolderListing(path)
    var finds: [Find] = []
    for name in listing.folders {
      let find = try Find(name, in: path)
      if find.holdsPictures || !find.inner.isEmpty { finds.append(find) }
    }
    folders = finds.map { find in
      let hasStrays =
        switch choice {
        case .automatic: find.isPartWithStrays(among: finds)
        case .parts: !find.inner.isEmpty
        case .classes: false
        }
      return Folder(name: find.name, content: find.holdsPictures && !hasStrays ? .pictures : .folders(find.inner))
    }
  }

  /// Why a folder that is named as a part is none, in brackets.
  func reason(against folder: String) -> String {
    guard DatasetPart(folderName: folder) != nil else { return "" }
    return switch folders.first(where: { $0.name == folder })?.content {
    case nil: " (no image)"
    case .pictures: " (images in no class's folder)"
    case .folders: ""
    }
  }

  /// Those that hold pictures themselves.
  var flat: [Folder] { folders.filter { $0.content == .pictures } }

  /// Those that hold none themselves, but folders with pictures.
  var nested: [Folder] { folders.filter { $0.content != .pictures } }

  /// What lies in a folder.
  private struct Find {
    let name: String
    /// Itself, and not only below.
    var holdsPictures = false
    /// The folders with pictures in it; not looked for where it holds pictures itself and is not named as a part.
    var inner: [String] = []

    init(_ name: String, in path: String) throws(DataError) {
      self.name = name
      let path = path + "/" + name
      let mayBePart = DatasetPart(folderName: name) != nil
      var folders: [String] = []
      try FolderListing.forEach(path) { entry throws(DataError) in
        holdsPictures = holdsPictures || entry.isPicture
        if entry.isFolder { folders.append(try FolderListing.folderName(entry, in: path)) }
        return mayBePart || !holdsPictures
      }
      guard mayBePart || !holdsPictures else { return }
      for folder in folders.sorted() {
        var visited: Set = [try FolderListing.Identity(path)]
        if try FolderListing.holdsPicture(path + "/" + folder, visited: &visited) { inner.append(folder) }
      }
    }

    /// Whether pictures in it are strays beside its class folders, and it is not a class whose folders belong to it: it is
    /// named as a part, and shares a class with another part, or nothing beside it looks like a class.
    func isPartWithStrays(among finds: [Find]) -> Bool {
      guard holdsPictures, !inner.isEmpty, let part = DatasetPart(folderName: name) else { return false }
      let parts = finds.filter { $0.name != name && !$0.inner.isEmpty && DatasetPart(folderName: $0.name) != nil }
      if parts.contains(where: { !Set(inner).isDisjoint(with: $0.inner) }) { return true }
      let besideClasses = finds.contains { $0.holdsPictures && DatasetPart(folderName: $0.name) == nil }
      return !besideClasses && (parts.isEmpty || part == .training)
    }
  }
}
