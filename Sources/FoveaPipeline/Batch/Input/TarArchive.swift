import FoveaCore
import FoveaImage

/// The members of a tar file: ustar, with pax's and GNU's long names and sizes, and of version 7.
///
/// Source: POSIX.1-2017, pax; GNU tar's manual, "Basic Tar Format".
final class TarArchive: InputGroup {
  private let name: String
  private let stream: any ArchiveStream
  /// Where the next header begins.
  private var nextHeader = 0
  private var isAtEnd = false
  private static let block = 512
  /// Of the headers that hold a name.
  private static let longestName = 1 << 20

  private struct Header {
    var name: [UInt8]
    var size: Int
    var type: UInt8
  }

  /// What headers before a member say of it.
  private struct Extension {
    var name: [UInt8]?
    var size: Int?
    var isSparse = false
  }

  init(_ name: String, _ stream: any ArchiveStream) {
    self.name = name
    self.stream = stream
  }

  func next() -> GroupStep? {
    do throws(ImageError) {
      while !isAtEnd {
        guard let step = try step() else { continue }
        return step
      }
      return nil
    } catch {
      isAtEnd = true
      return .failure(name: name, reason: error.description, error.reason)
    }
  }

  /// Nil for a member that nobody misses, and at the end.
  private func step() throws(ImageError) -> GroupStep? {
    var said = Extension()
    while let header = try header() {
      switch header.type {
      case UInt8(ascii: "x"): try readRecords(of: header, into: &said)
      case UInt8(ascii: "L"): said.name = Array(try text(of: header).prefix { $0 != 0 })
      case UInt8(ascii: "g"), UInt8(ascii: "K"), UInt8(ascii: "V"): break
      default: return try member(header, said)
      }
    }
    isAtEnd = true
    return nil
  }

  private func member(_ header: Header, _ said: Extension) throws(ImageError) -> GroupStep? {
    let (bytes, size) = (said.name ?? header.name, said.size ?? header.size)
    let isSparse = said.isSparse || header.type == UInt8(ascii: "S")
    let isRegular = [0, UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S")].contains(header.type)
    let isHardLink = header.type == UInt8(ascii: "1")
    let isLink = isHardLink || header.type == UInt8(ascii: "2")
    // Nothing but a file and what needs a size has data.
    let length = isLink ? 0 : size
    let start = stream.position
    guard length <= Int.max - start - Self.block else { throw damaged }
    nextHeader = start + (length + Self.block - 1) / Self.block * Self.block
    guard header.type != UInt8(ascii: "5"), bytes.last != UInt8(ascii: "/") else { return nil }
    let member = MemberName(bytes, in: name)
    let (isRead, step) = member.step(isRegularFile: isRegular || isHardLink)
    guard isRead else { return step }
    if isHardLink {
      return member.failure(
        "it is stored as a hard link to another member: not read; 'tar --hard-dereference' stores what is in it",
        as: .unsupported)
    }
    if isSparse {
      return member.failure("it is stored as a sparse file: not read", as: .unsupported)
    }
    if let count = stream.count, length > count - start {
      // What follows would lie behind the end.
      isAtEnd = true
      return member.failure("it is cut short after \(count - start) of \(length.plainly("byte"))", as: .truncated)
    }
    let content = ArchiveMember(name: member.text, count: length, read: stream.reader(of: member.text))
    return .picture(PictureInput(name: member.text, content), path: member.bytes)
  }

  /// The header that begins at ``nextHeader``; nil at the end.
  private func header() throws(ImageError) -> Header? {
    let gap = nextHeader - stream.position
    guard try stream.skip(gap) == gap else { throw cutShort }
    let block = try stream.read(Self.block)
    guard block.count == Self.block else { throw cutShort }
    if block.allSatisfy({ $0 == 0 }) {
      guard try stream.isWholeToTheEnd() else { throw cutShort }
      return nil
    }
    let unsigned = block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }
    let signed = block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(Int8(bitPattern: block[$1]))) }
    guard let sum = Self.number(block[148..<156]), sum == unsigned || sum == signed,
      let size = Self.number(block[124..<136])
    else { throw damaged }
    var name = Array(block[..<100].prefix { $0 != 0 })
    // GNU's own format has other things in the place of the prefix.
    if block[257..<263].elementsEqual("ustar\0".utf8) {
      let prefix = block[345..<500].prefix { $0 != 0 }
      if !prefix.isEmpty { name = prefix + [UInt8(ascii: "/")] + name }
    }
    nextHeader = stream.position
    return Header(name: name, size: size, type: block[156])
  }

  /// What a header's data are, for those that say something of the next one.
  private func text(of header: Header) throws(ImageError) -> [UInt8] {
    guard header.size <= Self.longestName else { throw damaged }
    let text = try stream.read(header.size)
    guard text.count == header.size else { throw cutShort }
    nextHeader = stream.position + (Self.block - header.size % Self.block) % Self.block
    return text
  }

  /// pax's records: their length in decimal, a space, key, `=`, value and a line's end.
  private func readRecords(of header: Header, into said: inout Extension) throws(ImageError) {
    var rest = try text(of: header)[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length <= rest.count,
        length > space - rest.startIndex, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n"),
        let equals = rest[space..<rest.startIndex + length].firstIndex(of: UInt8(ascii: "="))
      else { throw damaged }
      let value = rest[(equals + 1)..<(rest.startIndex + length - 1)]
      let key = String(decoding: rest[(space + 1)..<equals], as: UTF8.self)
      switch key {
      case "path": said.name = Array(value)
      case "size":
        guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else { throw damaged }
        said.size = size
      default: if key.hasPrefix("GNU.sparse.") { said.isSparse = true }
      }
      rest = rest.dropFirst(length)
    }
  }

  /// Octal digits between spaces and zeros; or, by GNU, a number of 8 bits each behind a first byte of 128.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if field.first == 0x80 {
      guard field.dropLast(8).dropFirst().allSatisfy({ $0 == 0 }) else { return nil }
      let number = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: number)
    }
    let digits = field.filter { $0 != 0 && $0 != UInt8(ascii: " ") }
    return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }

  private var cutShort: ImageError {
    .undecodable(
      source: "'\(name)'", reason: "it is cut short after \(stream.position.plainly("byte"))", as: .truncated)
  }

  private var damaged: ImageError {
    .undecodable(
      source: "'\(name)'",
      reason: "its tar structure is damaged before byte \(stream.position); what follows is not read")
  }
}
