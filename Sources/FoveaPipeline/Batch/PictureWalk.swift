import FoveaCore
import FoveaImage
import Glibc

/// The pictures that paths lead to, one after the other: files as they are named, folders with all that lies below.
///
/// In a folder, names come in the order of their bytes, whatever their encoding; hidden files and systems' junk are
/// overlooked, and what has no picture's extension is passed over and counted. Only the names of the folders that the walk is in are in memory.
struct PictureWalk {
  enum Step {
    case picture(path: FilePath)
    /// A folder that cannot be read.
    case failure(path: FilePath, reason: String)
  }

  private struct Frame {
    let path: FilePath
    let names: FolderNames
    let identity: FileIdentity
    var position = 0
  }

  private let paths: [FilePath]
  private var nextPath = 0
  private var frames: [Frame] = []
  // Folders below the current path that a link led to: each is entered once that way, or links could lead around for
  // a very long time.
  private var linked: Set<FileIdentity> = []
  private(set) var passedOver = PassedOverFiles()

  init(_ paths: [FilePath]) {
    self.paths = paths
  }

  mutating func next() -> Step? {
    while true {
      guard let frame = frames.last else {
        guard nextPath < paths.count else { return nil }
        nextPath += 1
        linked = []
        if let step = start(paths[nextPath - 1]) { return step }
        continue
      }
      guard frame.position < frame.names.count else {
        frames.removeLast()
        continue
      }
      frames[frames.count - 1].position += 1
      let name = frame.names[frame.position]
      let path = frame.path.appending(name.bytes)
      guard name.isFolder else { return .picture(path: path) }
      if let step = enter(path, byLink: name.isLink) { return step }
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
      return .failure(path: path, reason: String(cString: strerror(errno)))
    }
    if frames.contains(where: { $0.identity == identity }) { return nil }
    if byLink && !linked.insert(identity).inserted { return nil }
    do throws(FolderNames.Failure) {
      let names = try FolderNames(path)
      passedOver.add(names.passedOver)
      frames.append(Frame(path: path, names: names, identity: identity))
      return nil
    } catch {
      return .failure(path: path, reason: error.reason)
    }
  }
}
