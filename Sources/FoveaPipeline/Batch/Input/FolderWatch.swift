import FoveaCore
import FoveaImage
import Glibc

/// The pictures that are in a folder and those that arrive, until somebody cancels.
///
/// A file counts as whole when whoever wrote it closes it or moves it to its place. One that was there already counts so when
/// it has not changed for two seconds, and so does one that appears by a link.
final class FolderWatch: PathSupply {
  private let root: FilePath
  private let inputs: PictureInputs
  private let filter: PathFilter
  private let descriptor: Int32
  private var folders: [Int32: FilePath] = [:]
  /// What was there at the beginning.
  private var existing: PictureWalk
  private var isWalked = false
  /// Files that were closed or moved before the walk came to them.
  private var announced: Set<FilePath> = []
  private var ready: ArraySlice<FilePath> = []
  private var settling: [FilePath: State] = [:]
  private var failures: [PathStep] = []
  /// Where the folder itself was removed or moved away, after which nothing arrives.
  private var isGone = false
  private static let patience = 2

  fileprivate struct State: Equatable {
    var size: Int
    var changed: Int
    var changedNanoseconds: Int
    /// When it was first seen so, in seconds of the system's clock that only goes forward.
    var since: Int
  }

  /// - Throws: ``BatchError/unreadableList(path:reason:)``
  init(_ root: FilePath, _ inputs: PictureInputs) throws(BatchError) {
    (self.root, self.inputs) = (root, inputs)
    filter = PathFilter(including: inputs.included, excluding: inputs.excluded)
    descriptor = inotify_init1(O_NONBLOCK | O_CLOEXEC)
    var rest = [root][...]
    existing = PictureWalk(filter: filter, taking: { inputs.takes($0) }, nextPath: { rest.popFirst() })
    guard descriptor >= 0 else { throw .unreadableList(path: root.description, reason: SystemError().description) }
    do throws(SystemError) {
      try watch(root, alsoFor: UInt32(IN_DELETE_SELF | IN_MOVE_SELF))
    } catch {
      throw .unreadableList(path: root.description, reason: "it cannot be watched: \(error)")
    }
    watchFolders(in: root)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func next() -> PathStep? {
    readEvents()
    if let failure = failures.popLast() { return failure }
    while !isWalked {
      switch existing.next() {
      case .picture(let path):
        // Whoever has closed it since has said so.
        if announced.contains(path) { continue }
        guard let state = state(of: path) else { return .path(path) }
        if state.isOld { return .path(path) }
        settling[path] = state
      case .failure(let path, let error):
        return .failure(
          name: path.description, reason: "cannot read the folder '\(path)': \(error)",
          FailureReason(error))
      case nil:
        isWalked = true
        announced = []
      }
    }
    // Looking at all of them before each one would take ever longer.
    if ready.isEmpty { settle() }
    return ready.popFirst().map { .path($0) }
  }

  func waits(_ cancellation: Cancellation?) -> Bool {
    while cancellation?.isCancelled != true {
      if !isWalked || !ready.isEmpty || !failures.isEmpty { return true }
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&wanted, 1, 50)
      readEvents()
      settle()
      if isGone { return !ready.isEmpty || !failures.isEmpty }
    }
    return false
  }

  private func watch(_ folder: FilePath, alsoFor others: UInt32 = 0) throws(SystemError) {
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_ONLYDIR) | others
    let number = folder.withCString { inotify_add_watch(descriptor, $0, events) }
    guard number >= 0 else { throw SystemError() }
    folders[number] = folder
  }

  /// Those below, too; links to folders are not followed.
  private func watchFolders(in folder: FilePath) {
    guard let contents = try? FolderContents(folder) else { return }
    for entry in contents where entry.kind == .folder && !entry.isLink { enter(folder.appending(entry.name)) }
  }

  private func enter(_ folder: FilePath) {
    guard filter.entersFolder(local(folder)) else { return }
    do throws(SystemError) { try watch(folder) } catch {
      // One that is gone already held nothing.
      guard error.number != ENOENT else { return }
      failures.append(
        .failure(name: folder.description, reason: "cannot watch the folder '\(folder)': \(error)"))
    }
    watchFolders(in: folder)
  }

  /// What is written there from now on has another name, under which it is found again where that is below the root.
  private func leave(_ folder: FilePath) {
    let start = folder.appending([]).bytes
    for (number, path) in folders where path == folder || path.bytes.starts(with: start) {
      inotify_rm_watch(descriptor, number)
      folders[number] = nil
    }
    ready.removeAll { $0.bytes.starts(with: start) }
    settling = settling.filter { !$0.key.bytes.starts(with: start) }
  }

  /// A file that was moved away before it was its turn: a look a little way back is enough for those that are renamed when
  /// they are whole.
  private func forget(_ file: FilePath) {
    settling[file] = nil
    if let index = ready.suffix(64).lastIndex(of: file) { ready.remove(at: index) }
  }

  private func local(_ path: FilePath) -> ArraySlice<UInt8> { path.bytes.dropFirst(root.appending([]).bytes.count) }

  private func readEvents() {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return }
      bytes.withUnsafeBytes { buffer in
        var offset = 0
        let head = MemoryLayout<inotify_event>.size
        while offset + head <= count {
          let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          let end = min(offset + head + Int(event.len), count)
          take(event.wd, event.mask, buffer[(offset + head)..<end].prefix { $0 != 0 })
          offset = end
        }
      }
    }
  }

  private func take(_ number: Int32, _ mask: UInt32, _ name: some Collection<UInt8>) {
    if mask & UInt32(IN_Q_OVERFLOW) != 0 {
      failures.append(
        .failure(
          name: root.description,
          reason: "more files arrived in '\(root)' at once than the system could tell; some may be missing"))
    }
    guard let folder = folders[number] else { return }
    if folder == root, !isGone, mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 {
      isGone = true
      failures.append(
        .failure(
          name: root.description, reason: "the folder '\(root)', which is watched, was removed or moved away", .missing)
      )
    }
    if mask & UInt32(IN_IGNORED) != 0 { folders[number] = nil }
    let text = FilePath(bytes: name).description
    guard !text.isEmpty, !PictureFiles.isJunk(text) else { return }
    let path = folder.appending(name)
    if mask & UInt32(IN_ISDIR) != 0 {
      if mask & UInt32(IN_MOVED_FROM) != 0 {
        leave(path)
      } else {
        enter(path)
        // What came before the folder was watched.
        if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { settleAll(in: path) }
      }
      return
    }
    if mask & UInt32(IN_MOVED_FROM) != 0 { return forget(path) }
    guard inputs.takes(text) || PictureFiles.isPicture(text), filter.takesFile(local(path)) else { return }
    if mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0 {
      settling[path] = nil
      if !isWalked { announced.insert(path) }
      if ready.last != path { ready.append(path) }
    } else if mask & UInt32(IN_CREATE) != 0, isLinked(path) {
      settling[path] = state(of: path)
    }
  }

  private func settleAll(in folder: FilePath) {
    var rest = [folder][...]
    var walk = PictureWalk(taking: { [inputs] in inputs.takes($0) }, nextPath: { rest.popFirst() })
    while let step = walk.next() {
      if case .picture(let path) = step, filter.takesMember(local(path)), !ready.contains(path) {
        settling[path] = state(of: path)
        // The first walk may come to it, or may have passed.
        if !isWalked { announced.insert(path) }
      }
    }
  }

  /// Moves what has not changed for a while to what is ready, in the order of the names.
  private func settle() {
    guard !settling.isEmpty else { return }
    var done: [FilePath] = []
    for (path, known) in settling {
      guard var now = state(of: path) else {
        settling[path] = nil
        continue
      }
      let since = now.since
      now.since = known.since
      if now != known {
        now.since = since
        settling[path] = now
      } else if since - known.since >= Self.patience {
        done.append(path)
      }
    }
    for path in done { settling[path] = nil }
    ready += done.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// Nil where there is no such file any more.
  private func state(of path: FilePath) -> State? {
    var status = stat()
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    guard path.withCString({ stat($0, &status) }) == 0 else { return nil }
    return State(
      size: Int(status.st_size), changed: status.st_mtim.tv_sec, changedNanoseconds: status.st_mtim.tv_nsec,
      since: now.tv_sec)
  }

  private func isLinked(_ path: FilePath) -> Bool {
    var status = stat()
    guard path.withCString({ lstat($0, &status) }) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFLNK || status.st_nlink > 1
  }
}

extension FolderWatch.State {
  /// Whether it has not changed for as long as one that has settled.
  fileprivate var isOld: Bool { time(nil) - changed > 2 }
}
