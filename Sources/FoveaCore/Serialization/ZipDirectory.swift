/// What lies in a zip file and where, in the order of its directory.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
package struct ZipDirectory: Sendable {
  /// What is wrong with the file, and in a word.
  package struct Damage: Error, Equatable {
    package let reason: String
    package let word: FailureReason
    /// Where it is the disk's, and not the file's.
    package let file: FileError?

    package init(_ reason: String, as word: FailureReason = .damaged) {
      (self.reason, self.word, file) = (reason, word, nil)
    }

    init(_ error: FileError) { (reason, word, file) = (error.description, .unreadable, error) }
  }

  package struct Member: Sendable {
    package let name: [UInt8]
    /// 0 where it is stored as it is, 8 where it is deflated.
    package let method: Int
    package let isEncrypted: Bool
    /// CRC-32 of what was packed.
    package let checksum: UInt
    /// Bytes in the file.
    package fileprivate(set) var stored: Int
    /// Bytes once it is unpacked.
    package fileprivate(set) var count: Int
    /// Where its own head is, from the archive's beginning.
    fileprivate var offset: Int
    /// The mode of a file of Unix without its permissions; 0 where there is none.
    package let mode: Int

    package var isFolder: Bool { name.last == UInt8(ascii: "/") || mode == 0o040000 }
  }

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

  package init(_ file: FileReader) throws(Damage) {
    self.file = file
    let cutShort = Damage(
      "its directory, which a zip file has at its end, is missing; it may be cut short", as: .truncated)
    let start = max(0, file.count - Self.longestComment - 22)
    let tail = LittleEndian(bytes: try Self.read(file, start, file.count - start))
    guard
      let found = stride(from: tail.bytes.count - 22, through: 0, by: -1).first(where: { tail.u32($0) == 0x0605_4B50 }),
      var entries = tail.u16(found + 10), var size = tail.u32(found + 12), var offset = tail.u32(found + 16)
    else { throw cutShort }
    var place = start + found
    var saysAll = false
    if tail.u32(found - 20) == 0x0706_4B50, let record = tail.u64(found - 12) {
      guard record >= 0, record <= file.count - 56 else { throw cutShort }
      let large = LittleEndian(bytes: try Self.read(file, record, 56))
      guard large.u32(0) == 0x0606_4B50, let all = large.u64(32), let length = large.u64(40), let first = large.u64(48)
      else { throw cutShort }
      (entries, size, offset, place, saysAll) = (all, length, first, record, true)
    }
    guard entries >= 0, size >= 0, offset >= 0, size <= place, offset <= place - size else {
      throw Damage("its directory lies outside of the file")
    }
    prefix = place - size - offset
    (position, end, said, self.saysAll) = (place - size, place, entries, saysAll)
  }

  /// - Returns: nil after the last one.
  /// - Throws: ``Damage``, after which there is nothing more.
  package mutating func next() throws(Damage) -> Member? {
    do throws(Damage) {
      var isThere = position < end
      if isThere, found == said { isThere = try isMember() }
      if isThere {
        found += 1
        return try member()
      }
      position = end
      guard !isComplete else { return nil }
      throw Damage("its directory does not hold the \(said.plainly("member")) that it is said to")
    } catch {
      (position, found) = (end, said)
      throw error
    }
  }

  private var isComplete: Bool { saysAll ? found == said : found & 0xFFFF == said }

  /// Whether there is one more; a signature may follow the last one.
  private func isMember() throws(Damage) -> Bool {
    guard end - position >= 4 else { return false }
    return LittleEndian(bytes: try Self.read(file, position, 4)).u32(0) == Self.signature
  }

  private mutating func member() throws(Damage) -> Member {
    let damaged = Damage("its directory is damaged before byte \(position); what follows is not read")
    let head = LittleEndian(bytes: try Self.read(file, position, min(46, end - position)))
    guard head.u32(0) == Self.signature, let flags = head.u16(8), let method = head.u16(10),
      let checksum = head.u32(16), let stored = head.u32(20), let count = head.u32(24),
      let nameLength = head.u16(28), let extraLength = head.u16(30), let commentLength = head.u16(32),
      let attributes = head.u32(38), let offset = head.u32(42),
      nameLength + extraLength + commentLength <= end - position - 46
    else { throw damaged }
    let texts = try Self.read(file, position + 46, nameLength + extraLength)
    position += 46 + nameLength + extraLength + commentLength
    // Systems like Unix keep a file's mode in the upper half.
    var member = Member(
      name: Array(texts[..<nameLength]), method: method, isEncrypted: flags & 1 == 1, checksum: UInt(checksum),
      stored: stored, count: count, offset: offset, mode: attributes >> 16 & 0o170000)
    guard Self.enlarge(&member, LittleEndian(bytes: Array(texts[nameLength...]))) else { throw damaged }
    return member
  }

  /// Sizes beyond 4 GiB stand in a field of their own.
  private static func enlarge(_ member: inout Member, _ extra: LittleEndian) -> Bool {
    var offset = 0
    while let id = extra.u16(offset), let length = extra.u16(offset + 2) {
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

  /// Why a member cannot be read; nil where it can.
  package func problem(with member: Member) -> Damage? {
    if member.isEncrypted { return Damage("it is encrypted: not read", as: .unsupported) }
    if member.method != 0 && member.method != 8 {
      return Damage(
        "it is compressed by method \(member.method); stored (0) and deflated (8) members are read", as: .unsupported)
    }
    if member.offset > file.count - prefix || member.stored > file.count - prefix - member.offset {
      return Damage("it lies outside of the file")
    }
    // Deflate cannot pack more tightly.
    if member.method == 0 ? member.count != member.stored : member.count > 1032 * member.stored + 258 {
      let said = "the \(member.count.plainly("byte")) that are said to be in it"
      return Damage("its \(member.stored.plainly("byte")) cannot hold \(said)")
    }
    return nil
  }

  /// Where a member's bytes begin in the file; they are all there.
  ///
  /// - Parameter member: one that has no problem.
  package func start(of member: Member) throws(Damage) -> Int {
    let place = prefix + member.offset
    let local = LittleEndian(bytes: try Self.read(file, place, min(30, file.count - place)))
    guard local.u32(0) == 0x0403_4B50, let nameLength = local.u16(26), let extraLength = local.u16(28),
      member.stored <= file.count - place - 30 - nameLength - extraLength
    else { throw Damage("there is no member where the archive's directory says") }
    return place + 30 + nameLength + extraLength
  }

  private static func read(_ file: FileReader, _ position: Int, _ count: Int) throws(Damage) -> [UInt8] {
    do throws(FileError) { return try file.read(at: position, count: count) } catch { throw Damage(error) }
  }
}

/// Numbers of a few bytes in memory; nil where these end before.
private struct LittleEndian {
  let bytes: [UInt8]

  func u16(_ offset: Int) -> Int? { number(2, offset) }
  func u32(_ offset: Int) -> Int? { number(4, offset) }

  /// Negative beyond 2⁶³.
  func u64(_ offset: Int) -> Int? {
    guard let low = u32(offset), let high = u32(offset + 4) else { return nil }
    return high << 32 | low
  }

  private func number(_ width: Int, _ offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    return bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
