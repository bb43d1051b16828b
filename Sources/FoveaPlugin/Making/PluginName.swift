import Foundation

/// The name of a new plugin: of its package, its module and its types.
public struct PluginName: Sendable, Equatable {
  /// As types are written: `Swish`.
  public let type: String

  /// As kinds are written, the leading capitals made small: `swish`, `cReLU` of `CReLU`.
  public var kind: String {
    let capitals = type.prefix { $0.isUppercase || $0.isNumber }
    // The last of several capitals begins the next word: `GELUTanh` is `geluTanh`.
    let small = capitals.count == type.count ? capitals.count : max(1, capitals.count - 1)
    return type.prefix(small).lowercased() + type.dropFirst(small)
  }

  /// Modules that a plugin imports, and words of the language.
  private static let taken: Set<String> = [
    "Any", "CFoveaPlugin", "COneDNN", "Dispatch", "Foundation", "Fovea", "FoveaCore", "FoveaPluginKit", "FoveaTesting",
    "Glibc", "Protocol", "Self", "Swift", "Testing", "Type",
  ]

  /// - Throws: ``PluginMakingError`` for what cannot be the name of a Swift type.
  public init(_ name: String) throws(PluginMakingError) {
    guard let first = name.first, first.isASCII, first.isUppercase, name.utf8.count <= 40,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw .invalidName(name)
    }
    guard !Self.taken.contains(name) else { throw .nameIsTaken(name, by: "Swift or the toolkit") }
    type = name
  }
}

/// Why no plugin can be made.
public enum PluginMakingError: Error, Sendable, Equatable, CustomStringConvertible {
  case invalidName(String)
  case nameIsTaken(String, by: String)
  /// Something lies where the package would.
  case folderExists(String)
  case noToolkit(String)
  /// The program does not lie where it was built.
  case noToolkitAround(String)
  /// A repository that Git cannot read, in its words.
  case unreachable(String, reason: String)
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .invalidName(let name):
      "'\(name)' cannot be a plugin's name: use letters and digits, a capital first, 40 at most, such as Swish"
    case .nameIsTaken(let name, let owner): "the name '\(name)' is taken by \(owner); choose another one"
    case .folderExists(let path): "'\(path)' exists already; remove it or choose another folder with --output"
    case .noToolkitAround(let program):
      "the program '\(program)' does not lie in the folder of the toolkit that it was built in; say where that is with "
        + "--toolkit: a folder, or the address of a repository"
    case .noToolkit(let path):
      "there is no package of the toolkit in '\(path)'; name its folder or its address with --toolkit"
    case .unreachable(let address, let reason):
      "the toolkit's repository '\(address)' cannot be read: \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path)': \(reason)"
    }
  }
}
