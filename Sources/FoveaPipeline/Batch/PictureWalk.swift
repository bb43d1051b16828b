import Glibc

/// The pictures that paths lead to, one after the other: files as they are named, folders with all that lies below.
///
/// In a folder, names come in the order of their bytes, and hidden files, systems' junk and what has no picture's
/// extension is passed over. Only the names of the folders that the walk is in are in memory.
struct PictureWalk {
  enum Step {
    case picture(path: String)
    /// A folder that cannot be read.
    case failure(path: String, reason: String)
  }

  private struct Frame {
    let path: String
    let names: FolderNames
    let identity: Identity
    var position = 0
  }

  /// Device and number of a folder, which tell whether two paths lead to the same one.
  private struct Identity: Hashable {
    let device: dev_t
    let number: ino_t
  }

  private let paths: [String]
  private var nextPath = 0
  private var frames: [Frame] = []
  // Folders below the current path that a link led to: each is entered once that way, or links could lead around for
  // a very long time.
  private var linked: Set<Identity> = []
  /// Files passed over that are no picture by their names.
  private(set) var skipped = 0

  init(_ paths: [String]) {
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
      guard let text = name.text else {
        return .failure(path: frame.path, reason: "it holds a file whose name is no valid UTF-8; rename that")
      }
      let path = frame.path.hasSuffix("/") ? frame.path + text : frame.path + "/" + text
      guard name.isFolder else { return .picture(path: path) }
      if let step = enter(path, byLink: name.isLink) { return step }
    }
  }

  private mutating func start(_ path: String) -> Step? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return .picture(path: path) }
    return enter(path, byLink: false)
  }

  private mutating func enter(_ path: String, byLink: Bool) -> Step? {
    var status = stat()
    guard stat(path, &status) == 0 else { return .failure(path: path, reason: String(cString: strerror(errno))) }
    let identity = Identity(device: status.st_dev, number: status.st_ino)
    if frames.contains(where: { $0.identity == identity }) { return nil }
    if byLink && !linked.insert(identity).inserted { return nil }
    do throws(FolderNames.Failure) {
      let names = try FolderNames(path)
      skipped += names.skipped
      frames.append(Frame(path: path, names: names, identity: identity))
      return nil
    } catch {
      return .failure(path: path, reason: error.reason)
    }
  }
}
