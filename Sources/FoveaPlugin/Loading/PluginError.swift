public import FoveaCore

/// Why a plugin cannot be used. Nothing of it is registered then.
public enum PluginError: FoveaError, Equatable {
  case unreadable(path: String, reason: String)
  /// A file that no loader should be given: no ELF file, or a truncated one.
  case notALibrary(path: String, reason: String)
  /// The system's loader refused it, in its own words.
  case notLoadable(path: String, reason: String)
  /// A library, but no plugin: a function is missing.
  case notAPlugin(path: String, symbol: String)
  /// A function is there, and returns nothing.
  case broken(path: String, symbol: String)
  case otherInterface(path: String, expected: Int, got: Int)
  case otherCompiler(path: String, expected: String, got: String)
  case otherToolkit(path: String, expected: String, got: String)
  /// The plugin's own name or version is no word that a model file could name.
  case invalidName(path: String, name: String, version: String)
  case nameIsTaken(name: String, path: String, by: String)
  /// A kind cannot be registered; the error names both owners where the name is taken.
  case kind(path: String, error: RegistryError)
  /// The registration failed, in the plugin's own words.
  case registration(path: String, plugin: String, message: String)
  case registersNothing(path: String, plugin: String)
  /// The plugin registered a kind under another origin than its own, or removed one that was there.
  case meddles(path: String, plugin: String, problem: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the plugin '\(path)': \(reason)"
    case .notALibrary(let path, let reason):
      "'\(path)' is no dynamic library: \(reason); give the .so file that 'swift build' made of the plugin"
    case .notLoadable(let path, let reason):
      "the plugin '\(path)' cannot be loaded: \(reason); \(Self.remedy(for: reason))"
    case .notAPlugin(let path, let symbol):
      "'\(path)' is a library, but no Fovea plugin: it has no function '\(symbol)'; "
        + "leave its file the name that it was built with, and see what 'fovea plugin new' makes"
    case .broken(let path, let symbol):
      "the plugin '\(path)' is broken: its function '\(symbol)' gives nothing back; "
        + "write it as 'fovea plugin new' does"
    case .otherInterface(let path, let expected, let got):
      "the plugin '\(path)' speaks version \(got) of the plugin interface, but this program speaks version \(expected); "
        + Self.rebuild
    case .otherCompiler(let path, let expected, let got):
      "the plugin '\(path)' was built by \(Self.compiler(got)), but this program by \(Self.compiler(expected)); "
        + "build both with the same compiler"
    case .otherToolkit(let path, let expected, let got):
      "the plugin '\(path)' was built against Fovea \(got), but this is Fovea \(expected); \(Self.rebuild)"
    case .invalidName(let path, let name, let version):
      "the plugin '\(path)' is named '\(name)', version '\(version)'; a name is letters, digits, '-' and '_', 64 at "
        + "most, and a version is numbers such as 1.0.0"
    case .nameIsTaken(let name, let path, let other):
      "the plugin '\(path)' is named '\(name)', and so is '\(other)', which is loaded already; take one of them away"
    case .kind(let path, let error):
      "the plugin '\(path)': \(error)"
    case .registration(let path, let plugin, let message):
      "the plugin \(plugin) ('\(path)') failed to register its kinds: \(message)"
    case .registersNothing(let path, let plugin):
      "the plugin \(plugin) ('\(path)') registers no kinds; call registry.register(_:from:) in its 'register'"
    case .meddles(let path, let plugin, let problem):
      "the plugin \(plugin) ('\(path)') \(problem); it must hand on the registry and the origin that it is given"
    }
  }

  private static let rebuild = "build the plugin anew with this version of the toolkit"

  /// `Swift 60301, …` as people write it: `Swift 6.3.1 (…)`.
  private static func compiler(_ text: String) -> String {
    let parts = text.split(separator: ",", maxSplits: 1)
    let words = parts.first?.split(separator: " ") ?? []
    guard parts.count == 2, words.count == 2, words[0] == "Swift", let number = Int(words[1]) else { return text }
    return "Swift \(number / 10_000).\(number / 100 % 100).\(number % 100) (\(parts[1].drop { $0 == " " }))"
  }

  private static func remedy(for reason: String) -> String {
    reason.contains("libFoveaPluginKit")
      ? "copy libFoveaPluginKit.so, which 'swift build' put beside it, into the same folder"
      : rebuild
  }
}
