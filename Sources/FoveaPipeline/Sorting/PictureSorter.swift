public import FoveaCore
import Glibc

/// Puts pictures into a folder for each label, as copies or as links to them. It never moves or changes a picture that it is
/// given, and writes over nothing.
///
/// A picture goes into the folder of each label that was decided for; into `none` where that is no label, and into
/// `unreadable/truncated`, or whatever the ``FailureReason`` is, where it has no result. It keeps its name. Where another picture has that name there, its name is
/// made of its path: `a-7f8b2c3d4e5f6a7b.jpg`. What is there already, the same bytes or a link to the same place, is left, so
/// that sorting again adds nothing.
public struct PictureSorter {
  public enum Way: Sendable, Hashable {
    case copy
    /// Symbolic links: absolute to what was given by an absolute path, relative to all else.
    case link
  }

  /// What became of the pictures.
  public struct Summary: Sendable, Equatable {
    /// Copies or links that were made.
    public var made = 0
    /// Those that were there already.
    public var found = 0
    /// Pictures that could not be copied or linked.
    public var failures = 0
    /// Why, of the first.
    public var firstFailure: String?
  }

  public private(set) var summary = Summary()
  private let way: Way
  private let folder: OutputFolder
  private let names: [String: String]
  private var made: Set<String> = []
  // Where the last picture's folder is, since the next one's is mostly the same.
  private var lastFolder: (given: String, real: String)?

  static let reserved = ["unreadable", "none"]

  /// - Parameters:
  ///   - example: any result of the pipeline: ``Pipeline/blankResult``.
  ///   - inputs: what will be sorted; the folder must not lie in one of these.
  /// - Throws: ``OutputFolderError``
  public init(
    _ way: Way, to folder: String, like example: any TaskResult, inputs: [FilePath]
  ) throws(OutputFolderError) {
    guard let example = example.plain as? any DecidedResult else {
      throw .unsuitable(
        purpose: "sorting by label", expected: "one class, several labels or boxes", got: type(of: example.plain).kind)
    }
    self.way = way
    let labels = example.possibleLabels
    let folders = FileNaming.fileNames(for: Self.reserved + labels, everyScript: true)
    names = Dictionary(zip(labels, folders.dropFirst(Self.reserved.count)), uniquingKeysWith: { first, _ in first })
    self.folder = try OutputFolder(folder, inner: folders, inputs: inputs)
  }

  /// - Throws: ``FileError/unwritable(path:reason:)`` where the folder cannot be written any more. A picture that cannot be
  ///   read is counted.
  public mutating func sort(_ row: ResultRow) throws(FileError) {
    guard let file = row.file, !file.lastName.isEmpty else {
      return fail("'\(row.path.printable)' is no file of its own")
    }
    for name in folders(of: row) {
      let place = folder.path + "/" + name
      if made.insert(name).inserted { try FolderMaking.make(place) }
      do throws(FileError) {
        switch way {
        case .copy: try copy(file, to: place)
        case .link: try link(file, in: place)
        }
      } catch {
        guard case .unreadable = error else { throw error }
        fail(error.description)
      }
    }
  }

  private mutating func fail(_ reason: String) {
    summary.failures += 1
    summary.firstFailure = summary.firstFailure ?? reason
  }

  private func folders(of row: ResultRow) -> [String] {
    guard let result = row.result else {
      return [Self.reserved[0] + "/" + (row.reason ?? .failed).rawValue]
    }
    let labels = (result.plain as? any DecidedResult)?.decidedLabels ?? []
    return labels.isEmpty ? [Self.reserved[1]] : labels.compactMap { names[$0] }
  }

  /// The names that a picture may have in a folder, in the order in which they are tried: the second follows from its path
  /// alone; numbered ones are for what was there before under that.
  private static func candidates(_ file: FilePath) -> some Sequence<String> {
    let own = FilePath(bytes: file.lastName).description
    let long = FileNaming.fileName(of: file.description)
    return sequence(first: (own.utf8.count <= 255 ? own : long, 1)) { last in
      (last.1 == 1 ? long : FileNaming.fileName(of: "\(file) \(last.1)"), last.1 + 1)
    }.lazy.map { $0.0 }
  }

  private mutating func copy(_ file: FilePath, to folder: String) throws(FileError) {
    let source = try FileReader(file)
    for name in Self.candidates(file) {
      let place = folder + "/" + name
      if let there = try? FileReader(place) {
        guard try source.holdsSame(as: there) else { continue }
        summary.found += 1
        return
      }
      var status = stat()
      if lstat(place, &status) == 0 { continue }
      let copy = try AtomicFile(place)
      try source.readPieces { bytes throws(FileError) in try copy.write(bytes) }
      guard try copy.commitIfNew() else { continue }
      summary.made += 1
      return
    }
  }

  private mutating func link(_ file: FilePath, in folder: String) throws(FileError) {
    let target = try target(of: file, from: folder)
    for name in Self.candidates(file) {
      let place = folder + "/" + name
      if target.withCString({ symlink($0, place) }) == 0 {
        summary.made += 1
        return
      }
      guard errno == EEXIST else { throw .unwritable(path: place, reason: SystemError().description) }
      if Self.target(ofLink: place) == target {
        summary.found += 1
        return
      }
    }
  }

  /// What a link in `folder` must hold to lead to the file.
  private mutating func target(of file: FilePath, from folder: String) throws(FileError) -> FilePath {
    guard file.bytes.first != UInt8(ascii: "/") else { return file }
    let given = FilePath(bytes: file.bytes.dropLast(file.lastName.count)).description
    if lastFolder?.given != given { lastFolder = (given, OutputFolder.real(given.isEmpty ? "." : given)) }
    let from = OutputFolder.real(folder).split(separator: "/")
    let to = (lastFolder?.real ?? "").split(separator: "/")
    let common = zip(from, to).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: from.count - common) + to.dropFirst(common).map(String.init)
    return FilePath(steps.joined(separator: "/")).appending(file.lastName)
  }

  private static func target(ofLink path: String) -> FilePath? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes {
      readlink(path, $0.assumingMemoryBound(to: CChar.self).baseAddress!, $0.count)
    }
    return count < 0 ? nil : FilePath(bytes: bytes.prefix(count))
  }
}

extension FileReader {
  /// All of the file, piece by piece.
  fileprivate func readPieces(_ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(count, 1), 1 << 20), alignment: 16)
    defer { piece.deallocate() }
    var offset = 0
    while true {
      let got = try read(upTo: piece, at: offset)
      guard got > 0 else { return }
      try body(UnsafeRawBufferPointer(rebasing: piece[..<got]))
      offset += got
    }
  }

  fileprivate func holdsSame(as other: FileReader) throws(FileError) -> Bool {
    guard count == other.count else { return false }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    var (offset, isSame) = (0, true)
    try readPieces { bytes throws(FileError) in
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<bytes.count])
      if isSame {
        isSame =
          try other.read(upTo: part, at: offset) == bytes.count
          && memcmp(part.baseAddress!, bytes.baseAddress!, bytes.count) == 0
      }
      offset += bytes.count
    }
    return isSame
  }
}
