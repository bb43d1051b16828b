/// A group: named objects, and attributes.
struct HDF5Group {
  enum Entry {
    case header(Int)
    /// A link to a name, perhaps in another file: never followed.
    case symbolic
  }

  /// `model_weights/conv`; empty for the root.
  let path: String
  let header: HDF5Header
  private let bytes: ByteWindow
  private let entries: [String: Entry]
  /// In the order of the file.
  let names: [String]
  private let depth: Int

  private static let mostEntries = 1_000_000
  private static let mostNodes = 100_000
  /// Of groups in groups: nested models are a few levels deep.
  private static let mostDepth = 64

  var what: String { path.isEmpty ? "the root group" : "the group '\(path)'" }

  init(_ header: HDF5Header, path: String, in bytes: ByteWindow, depth: Int) throws {
    (self.path, self.header, self.bytes, self.depth) = (path, header, bytes, depth)
    let what = path.isEmpty ? "the root group" : "the group '\(path)'"
    guard depth <= Self.mostDepth else { throw HDF5Error(what, "groups lie in each other without an end") }
    var (entries, names) = ([String: Entry](), [String]())
    func add(_ name: String, _ entry: Entry) throws(HDF5Error) {
      guard entries.updateValue(entry, forKey: name) == nil else { throw HDF5Error(what, "it has '\(name)' twice") }
      names.append(name)
      guard names.count <= Self.mostEntries else { throw HDF5Error(what, "it has too many members") }
    }
    if let table = try header.message(.symbolTable) {
      var cursor = HDF5Cursor(table, of: what)
      if let tree = try cursor.address(), let heap = try cursor.address() {
        let texts = try Self.heap(at: heap, bytes, what)
        var visited = 0
        try Self.walk(tree, bytes, what, level: nil, visited: &visited) { place, entry throws(HDF5Error) in
          var text = HDF5Cursor(texts[...], of: what)
          try text.skip(place)
          try add(try text.text(), entry)
        }
      }
    }
    for message in header.messages where message.kind == .link {
      let (name, entry) = try Self.link(message.data, what)
      try add(name, entry)
    }
    if let info = try header.message(.linkInfo) {
      var cursor = HDF5Cursor(info, of: what)
      _ = try cursor.expect(version: [0])
      if try cursor.u8() & 1 != 0 { try cursor.skip(8) }
      guard try cursor.address() == nil else {
        throw HDF5Error.unsupported(
          what, "it has an index of the newer kind; save the model again by h5py's usual settings (libver='earliest')")
      }
    }
    (self.entries, self.names) = (entries, names)
  }

  private static func heap(at address: Int, _ bytes: ByteWindow, _ what: String) throws -> [UInt8] {
    var cursor = HDF5Cursor(try bytes.read(32, at: address, of: what), of: what)
    try cursor.expect("HEAP")
    _ = try cursor.expect(version: [0])
    try cursor.skip(3)
    let count = try cursor.length()
    try cursor.skip(8)
    guard let data = try cursor.address() else { throw HDF5Error(what, "its names are missing") }
    return try bytes.read(count, at: data, of: what)
  }

  private static func walk(
    _ address: Int, _ bytes: ByteWindow, _ what: String, level: Int?, visited: inout Int,
    _ body: (Int, Entry) throws(HDF5Error) -> Void
  ) throws {
    visited += 1
    guard visited <= mostNodes else { throw HDF5Error(what, "its index does not end") }
    var cursor = HDF5Cursor(try bytes.read(24, at: address, of: what), of: what)
    if level == -1 {
      try cursor.expect("SNOD")
      _ = try cursor.expect(version: [1])
      try cursor.skip(1)
      let count = try cursor.u16()
      var entries = HDF5Cursor(try bytes.read(count * 40, at: address + 8, of: what), of: what)
      for _ in 0..<count {
        let name = try entries.length()
        let header = try entries.address()
        let cached = try entries.u32()
        try entries.skip(20)
        if cached == 2 {
          try body(name, .symbolic)
        } else {
          guard let header else { throw HDF5Error(what, "a member of it is nowhere") }
          try body(name, .header(header))
        }
      }
      return
    }
    try cursor.expect("TREE")
    guard try cursor.u8() == 0 else { throw HDF5Error(what, "its index is one of a dataset") }
    let own = try cursor.u8()
    // Levels fall by one, so that no chain of nodes comes back to where it began.
    guard level == nil || own == level else { throw HDF5Error(what, "its index is out of order") }
    let count = try cursor.u16()
    var children = HDF5Cursor(try bytes.read(count * 16, at: address + 24, of: what), of: what)
    for _ in 0..<count {
      try children.skip(8)
      guard let child = try children.address() else { throw HDF5Error(what, "a part of its index is nowhere") }
      try walk(child, bytes, what, level: own - 1, visited: &visited, body)
    }
  }

  private static func link(_ data: ArraySlice<UInt8>, _ what: String) throws(HDF5Error) -> (String, Entry) {
    var cursor = HDF5Cursor(data, of: what)
    _ = try cursor.expect(version: [1])
    let flags = try cursor.u8()
    let type = try flags & 8 != 0 ? cursor.u8() : 0
    if flags & 4 != 0 { try cursor.skip(8) }
    if flags & 16 != 0 { try cursor.skip(1) }
    let width = 1 << (flags & 3)
    let count = try width == 8 ? cursor.length() : cursor.number(width)
    let name = String(decoding: try cursor.take(count), as: UTF8.self)
    guard type == 0 else { return (name, .symbolic) }
    guard let address = try cursor.address() else { throw HDF5Error(what, "'\(name)' is nowhere") }
    return (name, .header(address))
  }
}

extension HDF5Group {
  func contains(_ name: String) -> Bool { entries[name] != nil }

  private func member(_ name: String) throws -> HDF5Header {
    switch entries[name] {
    case .header(let address): return try HDF5Header(bytes, at: address)
    case .symbolic:
      throw HDF5Error.unsupported(what, "'\(name)' is a link to somewhere else, which is not followed")
    case nil: throw HDF5Error(what, "it has no '\(name)'")
    }
  }

  /// - Parameter path: names with `/` between them.
  func group(_ path: String) throws -> HDF5Group {
    var group = self
    for name in path.split(separator: "/").map(String.init) {
      let header = try group.member(name)
      let inner = group.path.isEmpty ? name : group.path + "/" + name
      guard try header.message(.dataspace) == nil else {
        throw HDF5Error("'\(inner)'", "it is a dataset where a group is expected")
      }
      group = try HDF5Group(header, path: inner, in: bytes, depth: group.depth + 1)
    }
    return group
  }

  /// The group of that path; nil where there is none.
  func existingGroup(_ path: String) throws -> HDF5Group? {
    var group = self
    for name in path.split(separator: "/").map(String.init) {
      guard group.contains(name) else { return nil }
      group = try group.group(name)
    }
    return group
  }

  func dataset(_ path: String) throws -> HDF5Dataset {
    let names = path.split(separator: "/").map(String.init)
    guard let last = names.last else { throw HDF5Error(what, "it has no dataset without a name") }
    let group = try group(names.dropLast().joined(separator: "/"))
    let full = group.path.isEmpty ? last : group.path + "/" + last
    return try HDF5Dataset(group.member(last), path: full, in: bytes)
  }

  /// - Returns: nil where there is none.
  func attribute(_ name: String) throws -> HDF5Attribute? {
    for message in header.messages where message.kind == .attribute {
      guard !message.isShared else { continue }
      let attribute = try HDF5Attribute(message.data, of: what, in: bytes)
      if attribute.name == name { return attribute }
    }
    if let info = try header.message(.attributeInfo) {
      var cursor = HDF5Cursor(info, of: what)
      _ = try cursor.expect(version: [0])
      if try cursor.u8() & 1 != 0 { try cursor.skip(2) }
      guard try cursor.address() == nil else {
        throw HDF5Error.unsupported(
          what, "its attributes have an index of the newer kind; save the model again by h5py's usual settings")
      }
    }
    return nil
  }
}
