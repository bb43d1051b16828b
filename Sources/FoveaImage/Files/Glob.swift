import FoveaCore
import Glibc

/// A pattern for names and paths below a folder: `*.jpg`, `2024/**/raw`.
///
/// `*`, `?` and `[a-z]` stay within a name, as the shell's (`fnmatch`, bytes, upper and lower case differ); `**` between
/// slashes stands for any number of folders, none too. One without a slash is compared with the last name alone.
package struct Glob: Sendable, Equatable {
  /// Of the pattern, without zero at the end; nil for `**`.
  private let parts: [[UInt8]?]
  private let isName: Bool

  package init(_ pattern: String) {
    let text = pattern.hasSuffix("/") ? pattern.dropLast() : pattern[...]
    isName = !text.contains("/")
    parts = text.split(separator: "/").map { $0 == "**" ? nil : Array($0.utf8) }
  }

  /// - Parameter path: below the folder, without a slash at the beginning.
  package func matches(_ path: ArraySlice<UInt8>) -> Bool {
    let slash = UInt8(ascii: "/")
    guard !isName else {
      let name = path.lastIndex(of: slash).map { path[($0 + 1)...] } ?? path
      return parts.count == 1 && (parts[0].map { Self.matches($0, name) } ?? true)
    }
    let names = path.split(separator: slash)
    // On a mismatch, the last `**` takes one name more.
    var (part, name) = (0, 0)
    var retry: (part: Int, name: Int)?
    while name < names.count {
      if part < parts.count, parts[part] == nil {
        retry = (part + 1, name)
        part += 1
      } else if part < parts.count, let pattern = parts[part], Self.matches(pattern, names[name]) {
        (part, name) = (part + 1, name + 1)
      } else if let last = retry {
        retry = (last.part, last.name + 1)
        (part, name) = (last.part, last.name + 1)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == nil }
  }

  private static func matches(_ pattern: [UInt8], _ name: ArraySlice<UInt8>) -> Bool {
    FilePath(bytes: pattern).withCString { pattern in
      FilePath(bytes: name).withCString { fnmatch(pattern, $0, 0) == 0 }
    }
  }
}

/// Which files below folders are taken.
package struct PathFilter: Sendable, Equatable {
  /// Where there are some, a file must match one of them.
  package var included: [Glob]
  /// Neither a file nor a folder that matches one of them is looked at.
  package var excluded: [Glob]

  package init(including included: [String] = [], excluding excluded: [String] = []) {
    self.included = included.map { Glob($0) }
    self.excluded = excluded.map { Glob($0) }
  }

  package func takesFile(_ path: ArraySlice<UInt8>) -> Bool {
    (included.isEmpty || included.contains { $0.matches(path) }) && entersFolder(path)
  }

  /// The same where nobody has asked for the folders that it is in.
  package func takesMember(_ path: ArraySlice<UInt8>) -> Bool {
    takesFile(path)
      && path.indices.allSatisfy { path[$0] != UInt8(ascii: "/") || entersFolder(path[..<$0]) }
  }

  package func entersFolder(_ path: ArraySlice<UInt8>) -> Bool { !excluded.contains { $0.matches(path) } }
}
