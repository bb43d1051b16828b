import Fovea

/// Keeps a command from writing over what it reads, and over what else it writes.
enum WrittenFiles {
  struct Role {
    /// As the user knows it: `--metrics`, `the model`.
    let name: String
    let path: String

    init?(_ name: String, _ path: String?) {
      guard let path else { return nil }
      self.name = name
      self.path = path
    }
  }

  /// Which file a path leads to, whether there is one yet or not.
  private enum Place: Hashable {
    case file(FileIdentity)
    case nothingYet(folder: FileIdentity, name: String)

    init?(_ path: String) {
      if let identity = FileIdentity(FilePath(path)) {
        self = .file(identity)
        return
      }
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      let folder = path.hasSuffix(name) ? String(path.dropLast(name.count)) : path
      guard let identity = FileIdentity(FilePath(folder.isEmpty ? "." : folder)) else { return nil }
      self = .nothingYet(folder: identity, name: name)
    }
  }

  /// - Parameters:
  ///   - written: files that the command will write.
  ///   - read: files that it reads.
  ///   - data: files and folders with pictures or IDX files that it reads.
  static func check(_ written: [Role?], read: [Role?] = [], data: [FilePath] = []) throws(CommandError) {
    var known: [Place: Role] = [:]
    for role in read.compactMap({ $0 }) {
      // What is no file may be the name of something that is built in.
      if let identity = FileIdentity(FilePath(role.path)) { known[.file(identity)] = role }
    }
    for role in written.compactMap({ $0 }) {
      guard let place = Place(role.path) else { continue }
      if let other = known[place] {
        throw CommandError(
          "\(role.name) '\(role.path)' is the same file as \(other.name) '\(other.path)'; choose another name")
      }
      known[place] = role
      guard case .file(let identity) = place else { continue }
      if let picture = BatchClassifier.picture(in: data, at: FilePath(role.path)) {
        throw CommandError("\(role.name) '\(role.path)' would overwrite the image '\(picture)'; choose another name")
      }
      let files = data.flatMap { [$0] + Dataset.files(in: $0.description).map { FilePath($0) } }
      if let file = files.first(where: { FileIdentity($0) == identity }) {
        throw CommandError("\(role.name) '\(role.path)' would overwrite the data '\(file)'; choose another name")
      }
    }
  }
}
