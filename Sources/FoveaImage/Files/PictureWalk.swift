package import FoveaCore
import Glibc

/// The pictures that paths lead to, one after the other: files as they are named, folders with all that lies below.
///
/// In a folder, names come in the order of their bytes, whatever their encoding; hidden files and systems' junk are
/// overlooked, and what has no picture's extension is passed over and counted. Only the names of the folders that the walk
/// is in are in memory.
package struct PictureWalk {
  package enum Step {
    case picture(path: FilePath)
    /// A folder that cannot be read.
    case failure(path: FilePath, reason: String)
  }

  private struct Frame {
    let path: FilePath
    let contents: FolderContents
    let identity: FileIdentity
    var position = 0
  }

  private let paths: [FilePath]
  private let entersFoldersOnce: Bool
  private var nextPath = 0
  private var frames: [Frame] = []
  // Folders below the current path that are not entered a second time, or links could lead around for a very long time.
  private var entered: Set<FileIdentity> = []
  package private(set) var passedOver = PassedOverFiles()

  /// - Parameter entersFoldersOnce: whether below each path a folder counts once, however many links lead to it; otherwise
  ///   it is entered by its own name and once by a link.
  package init(_ paths: [FilePath], entersFoldersOnce: Bool = false) {
    self.paths = paths
    self.entersFoldersOnce = entersFoldersOnce
  }

  package mutating func next() -> Step? {
    while true {
      guard let frame = frames.last else {
        guard nextPath < paths.count else { return nil }
        nextPath += 1
        entered = []
        if let step = start(paths[nextPath - 1]) { return step }
        continue
      }
      guard frame.position < frame.contents.count else {
        frames.removeLast()
        continue
      }
      frames[frames.count - 1].position += 1
      let entry = frame.contents[frame.position]
      switch entry.kind {
      case .picture: return .picture(path: frame.path.appending(entry.name))
      case .folder: if let step = enter(frame.path.appending(entry.name), byLink: entry.isLink) { return step }
      case .file, .special: continue
      }
    }
  }

  private mutating func start(_ path: FilePath) -> Step? {
    var status = stat()
    guard !path.holdsZero, path.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return .picture(path: path)
    }
    return enter(path, byLink: false)
  }

  private mutating func enter(_ path: FilePath, byLink: Bool) -> Step? {
    guard let identity = FileIdentity(path) else {
      return .failure(path: path, reason: SystemError().description)
    }
    if frames.contains(where: { $0.identity == identity }) { return nil }
    if entersFoldersOnce || byLink, !entered.insert(identity).inserted { return nil }
    do throws(SystemError) {
      let contents = try FolderContents(path)
      passedOver.add(contents.passedOver)
      frames.append(Frame(path: path, contents: contents, identity: identity))
      return nil
    } catch {
      return .failure(path: path, reason: error.description)
    }
  }
}
