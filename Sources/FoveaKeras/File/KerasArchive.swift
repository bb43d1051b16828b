import CZlib
import FoveaCore

/// What a `.keras` file is: a zip file with a model's configuration and weights.
struct KerasArchive {
  let configuration: [UInt8]
  let weights: ByteWindow
  /// What the file says of itself, in JSON; empty where it says nothing.
  let metadata: [UInt8]

  /// Configurations of the largest networks have a few megabytes.
  static let mostConfigurationBytes = 64 << 20
  private static let mostMembers = 10_000

  init(_ file: FileReader) throws {
    var directory: ZipDirectory
    do throws(ZipDirectory.Damage) { directory = try ZipDirectory(file) } catch {
      throw error.file.map { KerasError.file($0) } ?? Self.damaged(file, error.reason)
    }
    var members: [String: ZipDirectory.Member] = [:]
    do throws(ZipDirectory.Damage) {
      while let member = try directory.next() {
        // The first of a name counts, whatever follows.
        let name = String(decoding: member.name, as: UTF8.self)
        if members[name] == nil { members[name] = member }
        guard members.count <= Self.mostMembers else { throw ZipDirectory.Damage("it has too many members") }
      }
    } catch { throw error.file.map { KerasError.file($0) } ?? Self.damaged(file, error.reason) }
    func window(_ name: String, atMost most: Int) throws -> ByteWindow {
      guard let member = members[name] else {
        throw Self.damaged(file, "it has no '\(name)'; a model that was saved by Keras 3 has")
      }
      return try Self.window(member, name, directory, file, atMost: most)
    }
    if members["model.weights.h5"] == nil, members.keys.contains(where: { $0.hasPrefix("model.weights") }) {
      throw KerasError.unreadable(
        file: file.path, problem: "its weights are shared out to several files; save the model without 'max_shard_size'"
      )
    }
    let text = try window("config.json", atMost: Self.mostConfigurationBytes)
    configuration = try text.read(text.count, at: 0, of: "config.json")
    weights = try window("model.weights.h5", atMost: .max)
    guard members["metadata.json"] != nil else {
      metadata = []
      return
    }
    let said = try window("metadata.json", atMost: 1 << 16)
    metadata = try said.read(said.count, at: 0, of: "metadata.json")
  }

  private static func damaged(_ file: FileReader, _ problem: String) -> KerasError {
    .damaged(file: file.path, problem: problem)
  }

  private static func window(
    _ member: ZipDirectory.Member, _ name: String, _ directory: ZipDirectory, _ file: FileReader, atMost most: Int
  ) throws -> ByteWindow {
    let start: Int
    do throws(ZipDirectory.Damage) {
      if let problem = directory.problem(with: member) { throw problem }
      start = try directory.start(of: member)
    } catch { throw error.file.map { KerasError.file($0) } ?? damaged(file, "'\(name)': \(error.reason)") }
    guard member.count <= most else { throw damaged(file, "'\(name)' has \(member.count) bytes") }
    guard let stored = ByteWindow(file, from: start, count: member.stored) else {
      throw damaged(file, "'\(name)' lies outside of the file")
    }
    // Keras packs nothing; other programs that make zip files do.
    guard member.method == 8 else { return try checked(stored, member, name, file) }
    // Weights hardly shrink; a member that grows a hundredfold was made to fill a disk.
    guard member.count <= 64 << 20 + 100 * member.stored else {
      throw damaged(file, "'\(name)' is packed more tightly than weights can be")
    }
    let unpacked = ByteWindow(try Inflation.unpacked(stored, count: member.count, name: name, file: file))
    return try checked(unpacked, member, name, file)
  }

  /// A weight that has changed on its way would go unnoticed else.
  private static func checked(
    _ window: ByteWindow, _ member: ZipDirectory.Member, _ name: String, _ file: FileReader
  ) throws -> ByteWindow {
    var (checksum, offset) = (crc32(0, nil, 0), 0)
    while offset < window.count {
      let bytes = try window.read(min(1 << 20, window.count - offset), at: offset, of: name)
      checksum = bytes.withUnsafeBufferPointer { crc32_z(checksum, $0.baseAddress, $0.count) }
      offset += bytes.count
    }
    guard checksum == member.checksum else { throw damaged(file, "the checksum of '\(name)' is wrong") }
    return window
  }
}
