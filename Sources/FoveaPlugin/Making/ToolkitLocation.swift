import Foundation
import FoveaCore

/// Where a plugin's package finds the toolkit.
public enum ToolkitLocation: Sendable, Equatable {
  /// The folder of its package.
  case folder(String)
  /// The address of its repository, and which of its commits.
  case repository(String, Requirement)

  /// Which state of a repository a package depends on.
  public enum Requirement: Sendable, Equatable {
    case version(String)
    case branch(String)
    case revision(String)
  }

  /// - Parameter text: a path or an address. A repository is asked whether it has a tag for this version; without one, the
  ///   package follows its main branch.
  /// - Throws: ``PluginMakingError`` for a folder without the package, and a repository that cannot be asked.
  public init(_ text: String) throws(PluginMakingError) {
    if text.contains("://") || text.hasPrefix("git@") {
      self = .repository(text, try RemoteReferences(of: text).requirement(text))
      return
    }
    let path = URL(fileURLWithPath: text).standardizedFileURL.resolvingSymlinksInPath().path
    guard Self.isToolkit(path) else { throw .noToolkit(text) }
    self = .folder(path)
  }

  /// The package that a program was built in, since its build folder lies there; or the one that was installed with it, in
  /// `share/fovea/toolkit` beside the program's folder.
  ///
  /// - Throws: ``PluginMakingError/noToolkitAround(_:)`` where the program was taken elsewhere.
  public init(ofProgram program: String) throws(PluginMakingError) {
    var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      for path in [folder.path, folder.path + "/share/fovea/toolkit"] where Self.isToolkit(path) {
        self = .folder(path)
        return
      }
      folder.deleteLastPathComponent()
    }
    throw .noToolkitAround(program)
  }

  private static func isToolkit(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/Package.swift")
      && FileManager.default.fileExists(atPath: folder + "/Sources/FoveaCore")
  }

  /// The dependency as a package's manifest has it.
  var dependency: String {
    switch self {
    case .folder(let path): ".package(name: \"Fovea\", path: \(Self.quoted(path)))"
    case .repository(let address, .version(let version)):
      ".package(url: \(Self.quoted(address)), exact: \(Self.quoted(version)))"
    case .repository(let address, .branch(let branch)):
      ".package(url: \(Self.quoted(address)), branch: \(Self.quoted(branch)))"
    case .repository(let address, .revision(let revision)):
      ".package(url: \(Self.quoted(address)), revision: \(Self.quoted(revision)))"
    }
  }

  /// The name by which targets refer to the package.
  var package: String {
    switch self {
    case .folder: return "Fovea"
    case .repository(let address, _):
      let last = address.split(separator: "/").last.map(String.init) ?? "Fovea"
      return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }
}
