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
    case failure(path: FilePath, SystemError)
  }

  private struct Frame {
    let path: FilePath
    let contents: FolderContents
    let identity: FileIdentity
    var position = 0
  }

  private let nextPath: () -> FilePath?
  private let filter: PathFilter
  private let others: @Sendable (String) -> Bool
  private let entersFoldersOnce: Bool
  /// Of the path that the walk is below, with the slash.
  private var rootLength = 0
  private var frames: [Frame] = []
  // Folders below the current path that are not entered a second time, or links could lead around for a very long time.
  private var entered: Set<FileIdentity> = []
  package private(set) var passedOver = PassedOverFiles()

  /// - Parameters:
  ///   - entersFoldersOnce: whether below each path a folder counts once, however many links lead to it; otherwise
  ///     it is entered by its own name and once by a link.
  package init(_ paths: [FilePath], entersFoldersOnce: Bool = false) {
    var rest = paths.makeIterator()
    self.init(entersFoldersOnce: entersFoldersOnce) { rest.next() }
  }

  /// - Parameters:
  ///   - filter: for what lies in folders, not for paths themselves.
  ///   - others: whether a file in a folder is taken although it has no picture's name.
  ///   - nextPath: nil where there is none now; it is asked again at the next step.
  package init(
    filter: PathFilter = PathFilter(), taking others: @escaping @Sendable (String) -> Bool = { _ in false },
    entersFoldersOnce: Bool = false, nextPath: @escaping () -> FilePath?
  ) {
    self.nextPath = nextPath
    self.filter = filter
    self.others = others
    self.entersFoldersOnce = entersFoldersOnce
  }

  package mutating func next() -> Step? {
    while true {
      guard let frame = frames.last else {
        guard let path = nextPath() else { return nil }
        entered = []
        if let step = start(path) { return step }
        continue
      }
      guard frame.position < frame.contents.count else {
        frames.removeLast()
        continue
      }
      frames[frames.count - 1].position += 1
      let entry = frame.contents[frame.position]
      switch entry.kind {
      case .picture:
        let path = frame.path.appending(entry.name)
        if filter.takesFile(path.bytes.dropFirst(rootLength)) { return .picture(path: path) }
      case .folder:
        let path = frame.path.appending(entry.name)
        guard filter.entersFolder(path.bytes.dropFirst(rootLength)) else { continue }
        if let step = enter(path, byLink: entry.isLink) { return step }
      case .file, .special: continue
      }
    }
  }

  private mutating func start(_ path: FilePath) -> Step? {
    var status = stat()
    guard !path.holdsZero, path.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return .picture(path: path)
    }
    rootLength = path.appending([]).bytes.count
    return enter(path, byLink: false)
  }

  private mutating func enter(_ path: FilePath, byLink: Bool) -> Step? {
    guard let identity = FileIdentity(path) else {
      return .failure(path: path, SystemError())
    }
    if frames.contains(where: { $0.identity == identity }) { return nil }
    if entersFoldersOnce || byLink, !entered.insert(identity).inserted { return nil }
    do throws(SystemError) {
      let contents = try FolderContents(path, taking: others)
      passedOver.add(contents.passedOver)
      frames.append(Frame(path: path, contents: contents, identity: identity))
      return nil
    } catch {
      return .failure(path: path, error)
    }
  }
}
