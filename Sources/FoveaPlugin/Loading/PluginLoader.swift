public import FoveaCore
import Glibc

/// Loads plugins into a registry. A file that is no plugin of this program is an error, and never a crash.
///
/// A plugin runs with all rights of the program: load only what you would run.
public struct PluginLoader: Sendable {
  /// All kinds that the program knows, the plugins' included.
  public private(set) var registry: Registry
  /// In the order of their loading.
  public private(set) var plugins: [LoadedPlugin] = []
  /// Plugins on the search path that could not be used.
  public private(set) var skipped: [PluginError] = []
  /// Files behind all links, so that a plugin that is found twice is loaded once.
  private var files: Set<String> = []

  /// - Parameter registry: the kinds that are there already.
  public init(_ registry: Registry) {
    self.registry = registry
  }

  /// Loads the plugin in a dynamic library. Loading the same file again changes nothing.
  ///
  /// - Throws: ``PluginError`` that names the file; the registry is then as it was.
  public mutating func load(_ path: String) throws(PluginError) {
    let file = Self.resolved(path)
    guard !files.contains(file) else { return }
    try register(PluginLibrary(path).plugin(), path: path)
    files.insert(file)
  }

  /// Loads what lies on the search path. What cannot be used there is noted in ``skipped``, since a program must go on
  /// working when one of the plugins in the user's home has become too old.
  public mutating func load(_ searchPath: PluginSearchPath) {
    for path in searchPath.files {
      do { try load(path) } catch { skipped.append(error) }
    }
  }

  /// Registers the kinds of a plugin.
  ///
  /// - Parameter path: where it came from, for errors.
  /// - Throws: ``PluginError`` where a name is taken or the plugin's registration fails; the registry is then as it was.
  public mutating func register(_ plugin: any Plugin.Type, path: String) throws(PluginError) {
    let (name, version) = (plugin.name, plugin.version)
    guard Self.isValid(name: name, version: version) else {
      throw .invalidName(path: path, name: name, version: version)
    }
    if let other = plugins.first(where: { $0.name == name }) {
      throw .nameIsTaken(name: name, path: path, by: other.path)
    }
    var grown = registry
    do {
      try plugin.register(in: &grown, from: plugin.origin)
    } catch let error as RegistryError {
      throw .kind(path: path, error: error)
    } catch {
      throw .registration(path: path, plugin: "\(name) \(version)", message: "\(error)")
    }
    let kinds = try newKinds(in: grown, plugin: plugin, path: path)
    registry = grown
    plugins.append(LoadedPlugin(name: name, version: version, path: path, kinds: kinds))
  }

  private func newKinds(
    in grown: Registry, plugin: any Plugin.Type, path: String
  ) throws(PluginError) -> [LoadedPlugin.Kind] {
    let (before, after) = (registry.allKinds, grown.allKinds)
    let title = "\(plugin.name) \(plugin.version)"
    if let lost = before.first(where: { after[$0.key] != $0.value }) {
      throw .meddles(path: path, plugin: title, problem: "replaced the \(lost.key) of \(lost.value)")
    }
    let new = after.filter { before[$0.key] == nil }.sorted { ($0.key.sort, $0.key.kind) < ($1.key.sort, $1.key.kind) }
    if let foreign = new.first(where: { $0.value != plugin.origin }) {
      throw .meddles(path: path, plugin: title, problem: "registered the \(foreign.key) as one of \(foreign.value)")
    }
    guard !new.isEmpty else { throw .registersNothing(path: path, plugin: title) }
    return new.map(\.key)
  }

  private static func isValid(name: String, version: String) -> Bool {
    func isWord(_ text: String, _ others: String) -> Bool {
      (1...64).contains(text.utf8.count)
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || others.contains($0)) }
    }
    return isWord(name, "-_") && isWord(version, ".-+") && version.first?.isNumber == true
  }

  /// The path without links; itself where there is no such file.
  static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
