import CZlib
import FoveaCore
import FoveaImage

/// The members of a zip file, stored or deflated, in the order of its directory.
final class ZipArchive: InputGroup {
  private let name: String
  private let file: FileReader
  private var directory: ZipDirectory

  init(_ name: String, _ file: FileReader) throws(ImageError) {
    self.name = name
    self.file = file
    do throws(ZipDirectory.Damage) { directory = try ZipDirectory(file) } catch { throw ImageError(error, in: name) }
  }

  func next() -> GroupStep? {
    do throws(ZipDirectory.Damage) {
      while let member = try directory.next() {
        if !member.isFolder, let step = step(member) { return step }
      }
      return nil
    } catch {
      let error = ImageError(error, in: name)
      return .failure(name: name, reason: error.description, error.reason)
    }
  }

  private func step(_ member: ZipDirectory.Member) -> GroupStep? {
    let named = MemberName(member.name[...], in: name)
    let (isRead, step) = named.step(isRegularFile: member.mode == 0 || member.mode == 0o100000)
    guard isRead else { return step }
    if let problem = directory.problem(with: member) { return named.failure(problem.reason, as: problem.word) }
    let (file, directory, text) = (file, directory, named.text)
    let content = ArchiveMember(name: text, count: member.count) { count throws(ImageError) in
      let start: Int
      do throws(ZipDirectory.Damage) { start = try directory.start(of: member) } catch {
        throw ImageError(error, in: text)
      }
      return try Self.read(member, text, file, from: start, first: count)
    }
    return .picture(PictureInput(name: text, content), path: named.bytes)
  }

  private static func read(
    _ member: ZipDirectory.Member, _ name: String, _ file: FileReader, from start: Int, first count: Int
  ) throws(ImageError) -> [UInt8] {
    var bytes: [UInt8]
    if member.method == 0 {
      do throws(FileError) { bytes = try file.read(at: start, count: count) } catch { throw ImageError(error) }
    } else {
      let inflater = try Inflater(file, from: start, count: member.stored, format: .raw)
      bytes = try inflater.read(exactly: count, of: name)
      if count == member.count {
        var more: UInt8 = 0
        var got = 0
        try withUnsafeMutableBytes(of: &more) { buffer throws(ImageError) in got = try inflater.read(into: buffer) }
        guard got == 0, inflater.isAtEnd else {
          throw .undecodable(
            source: "'\(name)'", reason: "it does not end after the \(count.plainly("byte")) that are said to be in it")
        }
      }
    }
    if count == member.count {
      let checksum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
      guard checksum == member.checksum else {
        throw .undecodable(source: "'\(name)'", reason: "its checksum is wrong: it is damaged")
      }
    }
    return bytes
  }
}

extension ImageError {
  fileprivate init(_ damage: ZipDirectory.Damage, in name: String) {
    self =
      damage.file.map { ImageError($0) }
      ?? .undecodable(source: "'\(name)'", reason: damage.reason, as: damage.word)
  }
}
