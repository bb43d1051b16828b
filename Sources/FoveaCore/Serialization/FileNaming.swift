/// Makes names of files out of names that people and other tools give, such as `block1/conv.2:0`.
public enum FileNaming {
  /// Longer ones are cut: what is put before and after a name must find its place in the 255 bytes of a file's.
  private static let mostBytes = 120

  /// A file name for each of `names`, in their order: letters, digits, `.`, `-` and `_` in it stay, all else becomes `_`.
  /// No two are the same, not even where upper and lower case are one, and none begins with a dot.
  ///
  /// - Parameter everyScript: whether letters other than those of ASCII stay, too.
  public static func fileNames(for names: [String], everyScript: Bool = false) -> [String] {
    var taken = Set<String>()
    func isNew(_ name: String) -> Bool { taken.insert(name.lowercased()).inserted }
    var result = names.map { plain($0, everyScript) }
    // A name that can stay as it is has the first right to itself.
    let asTheyAre = names.indices.filter { result[$0] == names[$0] && isNew(result[$0]) }
    let settled = Set(asTheyAre)
    for index in names.indices where !settled.contains(index) {
      let base = result[index]
      var number = 2
      while !isNew(result[index]) {
        result[index] = "\(base)-\(number)"
        number += 1
      }
    }
    return result
  }

  /// The name of a file that is made of another one, `photos/a.jpg`: its own name with sixteen digits that stand for the whole
  /// path, so that it follows from the path alone: `a-7f8b2c3d4e5f6a7b` and the ending.
  ///
  /// Source of the digits: G. Fowler, L. Noll, K.-P. Vo, "FNV hash", 1991: the 64-bit FNV-1a of the path's bytes.
  ///
  /// - Parameter ending: with its dot; that of the path where nil.
  package static func fileName(of path: String, ending: String? = nil) -> String {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
    let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
    let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    let tail = "-" + String(repeating: "0", count: 16 - digits.count) + digits + (ending ?? String(name[dot...]))
    var stem = name[..<dot]
    while !stem.isEmpty, stem.utf8.count + tail.utf8.count > 255 { stem.removeLast() }
    return stem + tail
  }

  private static func plain(_ name: String, _ everyScript: Bool) -> String {
    var (text, bytes) = ("", 0)
    for scalar in name.unicodeScalars {
      let properties = scalar.properties
      let isLetter = properties.isAlphabetic || properties.numericType != nil
      // An accent may be a character of its own.
      let isPlain =
        scalar.isASCII ? isLetter : everyScript && (isLetter || properties.canonicalCombiningClass.rawValue > 0)
      let kept = isPlain || "-_.".unicodeScalars.contains(scalar) ? scalar : "_"
      bytes += UTF8.width(kept)
      if bytes > mostBytes { break }
      text.unicodeScalars.append(kept)
    }
    return text.isEmpty || text.hasPrefix(".") ? "_" + text.dropFirst() : text
  }
}
