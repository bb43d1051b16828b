import Foundation

/// Where plugins lie that need not be named: the files and folders of `FOVEA_PLUGIN_PATH`, then the user's own folder.
public struct PluginSearchPath: Sendable, Equatable {
  /// Files, and folders whose libraries are taken, in the order in which they are searched.
  public var entries: [String]

  public init(_ entries: [String]) {
    self.entries = entries
  }

  /// - Parameter environment: `FOVEA_PLUGIN_PATH` holds entries with colons between them. The user's own folder is
  ///   `fovea/plugins` in `XDG_DATA_HOME`, or in `.local/share` of `HOME` where that is not set.
  public init(environment: [String: String]) {
    entries = (environment["FOVEA_PLUGIN_PATH"] ?? "").split(separator: ":").map(String.init)
    if let folder = Self.userFolder(environment: environment) { entries.append(folder) }
  }

  /// The folder in the user's home; nil where there is no home.
  public static func userFolder(environment: [String: String]) -> String? {
    // A relative path is to be ignored. Source: XDG Base Directory Specification.
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/fovea/plugins" }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.local/share/fovea/plugins"
  }

  /// The libraries, in the order of the entries, those of one folder by name. Folders that do not exist are passed over.
  public var files: [String] {
    entries.flatMap { entry -> [String] in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: entry, isDirectory: &isFolder) else {
        // A library that was named and is not there is worth a word; a folder need not exist.
        return entry.hasSuffix(".so") ? [entry] : []
      }
      guard isFolder.boolValue else { return [entry] }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: entry)) ?? []
      return names.filter(Self.isPlugin).sorted().map { entry + "/" + $0 }
    }
  }

  /// The toolkit's own library lies beside the plugins that link to it.
  private static func isPlugin(_ name: String) -> Bool {
    name.hasSuffix(".so") && !name.hasPrefix("libFoveaPluginKit")
  }
}
