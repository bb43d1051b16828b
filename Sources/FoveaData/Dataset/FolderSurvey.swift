import FoveaCore
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
    let path: FilePath
    let name: String
    let content: Content

    var part: DatasetPart? { DatasetPart(folderName: name) }
    /// The folders with pictures in it, where it is no class itself.
    var inner: [String] { if case .folders(let names) = content { names } else { [] } }
  }

  let path: FilePath
  let contents: FolderContents
  /// Those that hold pictures, however deep.
  let folders: [Folder]

  /// - Throws: ``DataError/unreadable(path:reason:)``, for folders below too.
  init(_ path: FilePath, _ choice: FolderLayout.Choice = .automatic) throws(DataError) {
    self.path = path
    contents = try FolderContents(reading: path)
    var finds: [Find] = []
    for entry in contents where entry.kind == .folder {
      let find = try Find(path.appending(entry.name), name: entry.text)
      if find.holdsPictures || !find.inner.isEmpty { finds.append(find) }
    }
    folders = finds.map { find in
      let hasStrays =
        switch choice {
        case .automatic: find.isPartWithStrays(among: finds)
        case .parts: !find.inner.isEmpty
        case .classes: false
        }
      return Folder(
        path: find.path, name: find.name,
        content: find.holdsPictures && !hasStrays ? .pictures : .folders(find.inner))
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
    let path: FilePath
    let name: String
    /// Itself, and not only below.
    let holdsPictures: Bool
    /// The folders with pictures in it; not looked for where it holds pictures itself and is not named as a part.
    var inner: [String] = []

    init(_ path: FilePath, name: String) throws(DataError) {
      self.path = path
      self.name = name
      let mayBePart = DatasetPart(folderName: name) != nil
      let folders: [FilePath]
      (holdsPictures, folders) = try FolderSurvey.look(into: path, toTheEnd: mayBePart)
      guard mayBePart || !holdsPictures else { return }
      for folder in folders {
        var visited: Set<FileIdentity> = []
        if let identity = FileIdentity(path) { visited.insert(identity) }
        if try FolderSurvey.holdsPicture(folder, &visited) {
          inner.append(FilePath(bytes: folder.lastName).description)
        }
      }
      inner.sort()
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

  /// Whether a picture lies in a folder or anywhere below it.
  ///
  /// - Parameter visited: folders that were looked into, so that links that lead around are followed once.
  private static func holdsPicture(
    _ path: FilePath, _ visited: inout Set<FileIdentity>
  ) throws(DataError) -> Bool {
    if let identity = FileIdentity(path), !visited.insert(identity).inserted { return false }
    let (holdsPictures, inner) = try look(into: path)
    if holdsPictures { return true }
    for folder in inner where try holdsPicture(folder, &visited) { return true }
    return false
  }

  /// Whether there is a picture in the folder, and not only below it.
  static func holdsPictureItself(_ path: FilePath) throws(DataError) -> Bool { try look(into: path).holdsPictures }

  /// - Parameter toTheEnd: whether all folders are wanted; otherwise, the first picture settles it.
  private static func look(
    into path: FilePath, toTheEnd: Bool = false
  ) throws(DataError) -> (holdsPictures: Bool, folders: [FilePath]) {
    var holdsPictures = false
    var folders: [FilePath] = []
    do throws(SystemError) {
      try FolderContents.visit(path) { entry in
        holdsPictures = holdsPictures || entry.kind == .picture
        if entry.kind == .folder { folders.append(path.appending(entry.name)) }
        return toTheEnd || !holdsPictures
      }
    } catch { throw .unreadable(path: path.description, reason: error.description) }
    return (holdsPictures, folders)
  }
}

extension FolderContents {
  /// - Throws: ``DataError/unreadable(path:reason:)``
  init(reading path: FilePath) throws(DataError) {
    do throws(SystemError) { try self.init(path) } catch {
      throw .unreadable(path: path.description, reason: error.description)
    }
  }
}
