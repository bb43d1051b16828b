/// Makes names of files out of names that people and other tools give, such as `block1/conv.2:0`.
public enum FileNaming {
  /// Longer ones are cut: what is put before and after a name must find its place in the 255 bytes of a file's.
  private static let mostBytes = 120

  /// A file name for each of `names`, in their order: letters, digits, `.`, `-` and `_` in it stay, all else becomes `_`.
  /// No two are the same, not even where upper and lower case are one, and none begins with a dot.
  public static func fileNames(for names: [String]) -> [String] {
    var taken = Set<String>()
    func isNew(_ name: String) -> Bool { taken.insert(name.lowercased()).inserted }
    var result = names.map(plain)
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

  private static func plain(_ name: String) -> String {
    let bytes = name.unicodeScalars.prefix(mostBytes).map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || "-_.".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    let text = String(bytes)
    return text.isEmpty || text.hasPrefix(".") ? "_" + text.dropFirst() : text
  }
}
