import FoveaCore
import FoveaImage

/// A kind of archive, which is told by its name.
///
/// Archives are read by readers of our own, and not by a library such as libarchive: that hands out one member after the
/// other, which would have to be held until a thread has decoded them; ours tell where a member lies, and whichever thread
/// decodes it reads and unpacks it itself, under the one budget of memory. What they read is bounded at every step.
enum ArchiveKind {
  /// Plain or gzipped, which its first bytes say.
  case tar
  case zip

  init?(name: String) {
    let name = name.lowercased()
    if [".tar", ".tar.gz", ".tgz"].contains(where: name.hasSuffix) {
      self = .tar
    } else if name.hasSuffix(".zip") {
      self = .zip
    } else {
      return nil
    }
  }

  func open(_ path: FilePath) throws(ImageError) -> any InputGroup {
    let file: FileReader
    do throws(FileError) { file = try FileReader(path) } catch { throw ImageError(error) }
    switch self {
    case .tar: return TarArchive(path.description, try archiveStream(file))
    case .zip: return try ZipArchive(path.description, file)
    }
  }
}

/// A member's name as a row and a user see it.
struct MemberName {
  let bytes: ArraySlice<UInt8>
  /// `archive.tar/member`.
  let text: String

  init(_ bytes: some Collection<UInt8>, in archive: String) {
    let slash = UInt8(ascii: "/")
    let parts = bytes.split(separator: slash).filter { !$0.elementsEqual([UInt8(ascii: ".")]) }
    let name = Array(parts.joined(separator: [slash]))
    self.bytes = name[...]
    text = archive + "/" + FilePath(bytes: name).description
  }

  private var parts: [String] {
    bytes.split(separator: UInt8(ascii: "/")).map { FilePath(bytes: $0).description }
  }

  /// Whether it is to be read; nil where it is, and no step at all where nobody misses it.
  func step(isRegularFile: Bool) -> (isRead: Bool, step: GroupStep?) {
    let parts = parts
    guard let last = parts.last, !parts.contains(where: { $0 != ".." && PictureFiles.isJunk($0) }) else {
      return (false, nil)
    }
    if let reason = PassedOverFiles.Reason(name: last, isRegularFile: isRegularFile) {
      return (false, .passedOver(FileName.printable(last), reason))
    }
    guard !parts.contains(".."), !bytes.contains(0) else {
      return (false, failure("its name leads out of the archive: not read", as: .unsupported))
    }
    return (true, nil)
  }

  func failure(_ reason: String, as word: FailureReason) -> GroupStep {
    let error = ImageError.undecodable(source: "'\(text)'", reason: reason, as: word)
    return .failure(name: text, reason: error.description, word, path: bytes)
  }
}

/// A picture in an archive.
struct ArchiveMember: StoredPicture {
  let name: String
  let count: Int
  /// Reads so many bytes from its beginning.
  let read: @Sendable (Int) throws(ImageError) -> [UInt8]

  func open() throws(ImageError) -> OpenPicture {
    guard count <= Int32.max else {
      throw .unreadable(path: name, reason: "it is larger than 2 GiB", as: .tooLarge)
    }
    return OpenPicture(count: count, read)
  }
}
