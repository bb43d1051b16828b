import CZlib
import FoveaCore
import FoveaImage

/// The members of a zip file, stored or deflated, in the order of its directory.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
final class ZipArchive: InputGroup {
  private let name: String
  private let file: FileReader
  /// In the directory.
  private var position: Int
  private let end: Int
  /// What lies before the archive in the file, such as a program that unpacks it.
  private let prefix: Int
  /// How many members the end of the archive says that there are.
  private let said: Int
  /// Whether it can say as many as there are: others wrap around at 65,536.
  private let saysAll: Bool
  private var found = 0
  private static let longestComment = 0xFFFF
  private static let signature = 0x0201_4B50

  private struct Member {
    var method: Int
    var isEncrypted: Bool
    var checksum: UInt
    var stored: Int
    var count: Int
    var offset: Int
  }

  init(_ name: String, _ file: FileReader) throws(ImageError) {
    self.name = name
    self.file = file
    let cutShort = ImageError.undecodable(
      source: "'\(name)'", reason: "its directory, which a zip file has at its end, is missing; it may be cut short",
      as: .truncated)
    let start = max(0, file.count - Self.longestComment - 22)
    let tail = ByteReader(bytes: try Self.read(file, start, file.count - start))
    guard
      let found = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        tail.u32($0, .little) == 0x0605_4B50
      }),
      var entries = tail.u16(found + 10, .little), var size = tail.u32(found + 12, .little),
      var offset = tail.u32(found + 16, .little)
    else { throw cutShort }
    var place = start + found
    var saysAll = false
    if tail.u32(found - 20, .little) == 0x0706_4B50, let record = tail.u64(found - 12) {
      guard record >= 0, record <= file.count - 56 else { throw cutShort }
      let large = ByteReader(bytes: try Self.read(file, record, 56))
      guard large.u32(0, .little) == 0x0606_4B50, let all = large.u64(32), let length = large.u64(40),
        let first = large.u64(48)
      else { throw cutShort }
      (entries, size, offset, place, saysAll) = (all, length, first, record, true)
    }
    guard entries >= 0, size >= 0, offset >= 0, size <= place, offset <= place - size else {
      throw .undecodable(source: "'\(name)'", reason: "its directory lies outside of the file")
    }
    prefix = place - size - offset
    (position, end, said, self.saysAll) = (place - size, place, entries, saysAll)
  }

  func next() -> GroupStep? {
    do throws(ImageError) {
      while position < end {
        if found == said, try !isMember() { break }
        found += 1
        guard let step = try step() else { continue }
        return step
      }
      position = end
      guard !isComplete else { return nil }
      found = said
      throw .undecodable(
        source: "'\(name)'", reason: "its directory does not hold the \(said.plainly("member")) that it is said to")
    } catch {
      (position, found) = (end, said)
      return .failure(name: name, reason: error.description, error.reason)
    }
  }

  private var isComplete: Bool { saysAll ? found == said : found & 0xFFFF == said }

  /// Whether there is one more; a signature may follow the last one.
  private func isMember() throws(ImageError) -> Bool {
    guard end - position >= 4 else { return false }
    return ByteReader(bytes: try Self.read(file, position, 4)).u32(0, .little) == Self.signature
  }

  private func step() throws(ImageError) -> GroupStep? {
    let damaged = ImageError.undecodable(
      source: "'\(name)'", reason: "its directory is damaged before byte \(position); what follows is not read")
    let head = ByteReader(bytes: try Self.read(file, position, min(46, end - position)))
    guard head.u32(0, .little) == Self.signature, let flags = head.u16(8, .little), let method = head.u16(10, .little),
      let checksum = head.u32(16, .little), let stored = head.u32(20, .little), let count = head.u32(24, .little),
      let nameLength = head.u16(28, .little), let extraLength = head.u16(30, .little),
      let commentLength = head.u16(32, .little), let attributes = head.u32(38, .little),
      let offset = head.u32(42, .little), nameLength + extraLength + commentLength <= end - position - 46
    else { throw damaged }
    let texts = try Self.read(file, position + 46, nameLength + extraLength)
    position += 46 + nameLength + extraLength + commentLength
    var member = Member(
      method: method, isEncrypted: flags & 1 == 1, checksum: UInt(checksum), stored: stored, count: count,
      offset: offset)
    guard Self.enlarge(&member, ByteReader(bytes: Array(texts[nameLength...]))) else { throw damaged }
    let bytes = texts[..<nameLength]
    // Systems like Unix keep a file's mode in the upper half.
    let kind = attributes >> 16 & 0o170000
    guard bytes.last != UInt8(ascii: "/"), kind != 0o040000 else { return nil }
    let named = MemberName(bytes, in: name)
    let (isRead, step) = named.step(isRegularFile: kind == 0 || kind == 0o100000)
    guard isRead else { return step }
    if let (reason, word) = problem(member) { return named.failure(reason, as: word) }
    let (file, place, text) = (file, prefix + member.offset, named.text)
    let content = ArchiveMember(name: text, count: member.count) { [member] count throws(ImageError) in
      try Self.read(member, text, file, at: place, first: count)
    }
    return .picture(PictureInput(name: text, content), path: named.bytes)
  }

  /// Sizes beyond 4 GiB stand in a field of their own.
  private static func enlarge(_ member: inout Member, _ extra: ByteReader) -> Bool {
    var offset = 0
    while let id = extra.u16(offset, .little), let length = extra.u16(offset + 2, .little) {
      offset += 4
      defer { offset += length }
      guard id == 1 else { continue }
      var place = offset
      for part in [\Member.count, \Member.stored, \Member.offset] where member[keyPath: part] == 0xFFFF_FFFF {
        guard place + 8 <= offset + length, let value = extra.u64(place), value >= 0 else { return false }
        member[keyPath: part] = value
        place += 8
      }
    }
    return true
  }

  private func problem(_ member: Member) -> (String, FailureReason)? {
    if member.isEncrypted { return ("it is encrypted: not read", .unsupported) }
    if member.method != 0 && member.method != 8 {
      return ("it is compressed by method \(member.method); stored (0) and deflated (8) members are read", .unsupported)
    }
    if member.offset > file.count - prefix || member.stored > file.count - prefix - member.offset {
      return ("it lies outside of the file", .damaged)
    }
    // Deflate cannot pack more tightly.
    if member.method == 0 ? member.count != member.stored : member.count > 1032 * member.stored + 258 {
      let said = "the \(member.count.plainly("byte")) that are said to be in it"
      return ("its \(member.stored.plainly("byte")) cannot hold \(said)", .damaged)
    }
    return nil
  }

  private static func read(
    _ member: Member, _ name: String, _ file: FileReader, at place: Int, first count: Int
  ) throws(ImageError) -> [UInt8] {
    let local = ByteReader(bytes: try read(file, place, min(30, file.count - place)))
    guard local.u32(0, .little) == 0x0403_4B50, let nameLength = local.u16(26, .little),
      let extraLength = local.u16(28, .little), member.stored <= file.count - place - 30 - nameLength - extraLength
    else { throw .undecodable(source: "'\(name)'", reason: "there is no member where the archive's directory says") }
    let start = place + 30 + nameLength + extraLength
    var bytes: [UInt8]
    if member.method == 0 {
      bytes = try read(file, start, count)
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

  private static func read(_ file: FileReader, _ position: Int, _ count: Int) throws(ImageError) -> [UInt8] {
    do throws(FileError) { return try file.read(at: position, count: count) } catch { throw ImageError(error) }
  }
}

extension ByteReader {
  /// By the other end than the network's; negative beyond 2⁶³.
  fileprivate func u64(_ offset: Int) -> Int? {
    guard let low = u32(offset, .little), let high = u32(offset + 4, .little) else { return nil }
    return high << 32 | low
  }
}
