import Foundation
import FoveaCore

/// A new Swift package with a plugin: a layer of a few lines, to be changed into what its author has in mind.
public struct PluginPackage: Sendable {
  public let name: PluginName
  public let toolkit: ToolkitLocation

  public init(_ name: PluginName, toolkit: ToolkitLocation) {
    self.name = name
    self.toolkit = toolkit
  }

  /// Paths in the package, with their contents.
  public var files: [(path: String, contents: String)] {
    let (type, kind) = (name.type, name.kind)
    let package = toolkit.package
    return [
      ("Package.swift", PluginTemplate.manifest(type, dependency: toolkit.dependency, package: package)),
      ("Sources/\(type)/\(type)Layer.swift", PluginTemplate.layer(type, kind: kind)),
      ("Sources/\(type)/\(type)Plugin.swift", PluginTemplate.plugin(type)),
      ("Tests/\(type)Tests/\(type)LayerTests.swift", PluginTemplate.tests(type)),
      ("README.md", PluginTemplate.readme(type, kind: kind)),
      ("\(kind).yaml", PluginTemplate.model(kind)),
      (".gitignore", ".build/\nPackage.resolved\n"),
    ]
  }

  /// Writes the package into a folder of its own, which is named after it: all of it, or nothing.
  ///
  /// - Parameter parent: the folder in which it is made, and which is made where there is none.
  /// - Returns: the paths of the files.
  /// - Throws: ``PluginMakingError`` where the folder exists already, or cannot be written.
  public func write(in parent: String) throws(PluginMakingError) -> [String] {
    let root = (parent == "." ? "" : parent + "/") + name.type
    guard !FileManager.default.fileExists(atPath: root) else { throw .folderExists(root) }
    do throws(FileError) {
      let folder = try NewFolder(root)
      for (path, contents) in files { try folder.write(contents, to: path) }
      try folder.commit()
    } catch {
      switch error {
      case .unwritable(let path, let reason), .unreadable(let path, let reason, _):
        throw .unwritable(path: path, reason: reason)
      }
    }
    return files.map { root + "/" + $0.path }
  }
}
