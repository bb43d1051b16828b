import CFoveaPlugin
import FoveaCore
import Glibc

/// A plugin's dynamic library in memory. It stays there: what it registers may be used until the program ends.
struct PluginLibrary {
  private let path: String
  private let name: String
  private let handle: Handle

  /// The only handle of its library, never closed.
  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  /// - Throws: ``PluginError`` where the file is no library, or the system's loader refuses it.
  init(_ path: String) throws(PluginError) {
    try LibraryFile.check(path)
    self.path = path
    name = LibraryFile.name(path)
    // All symbols at once: one that is missing is an error here, and not a crash in the middle of a training.
    // A name without a slash would be looked for elsewhere.
    let located = path.contains("/") ? path : "./" + path
    guard let pointer = dlopen(located, RTLD_NOW | RTLD_LOCAL) else {
      throw .notLoadable(path: path, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
    }
    handle = Handle(pointer: pointer)
  }

  /// The plugin's type, after its build has been compared with the program's.
  ///
  /// - Throws: ``PluginError`` for a function that is missing, and for any difference.
  func plugin() throws(PluginError) -> any Plugin.Type {
    typealias Information = @convention(c) () -> UnsafePointer<fovea_plugin_information>?
    typealias Enter = @convention(c) (UnsafeMutableRawPointer) -> Void
    let information = unsafeBitCast(try symbol(informationSymbol), to: Information.self)
    let enter = unsafeBitCast(try symbol(enterSymbol), to: Enter.self)
    try checkBuild(information())
    var type: (any Plugin.Type)?
    withUnsafeMutablePointer(to: &type) { enter(UnsafeMutableRawPointer($0)) }
    guard let type else { throw .broken(path: path, symbol: enterSymbol) }
    return type
  }

  private var informationSymbol: String { FOVEA_PLUGIN_INFORMATION_PREFIX + name }
  private var enterSymbol: String { FOVEA_PLUGIN_ENTER_PREFIX + name }

  private func symbol(_ name: String) throws(PluginError) -> UnsafeMutableRawPointer {
    guard let address = dlsym(handle.pointer, name) else { throw .notAPlugin(path: path, symbol: name) }
    return address
  }

  private func checkBuild(_ theirs: UnsafePointer<fovea_plugin_information>?) throws(PluginError) {
    guard let theirs = theirs?.pointee, let ours = fovea_information_of_this_build()?.pointee else {
      throw .broken(path: path, symbol: informationSymbol)
    }
    // The rest can be read only where this agrees.
    guard theirs.api == ours.api else {
      throw .otherInterface(path: path, expected: Int(ours.api), got: Int(theirs.api))
    }
    guard let compiler = theirs.compiler, let toolkit = theirs.toolkit else {
      throw .broken(path: path, symbol: informationSymbol)
    }
    let compilers = (ours: String(cString: ours.compiler), theirs: String(cString: compiler))
    guard compilers.ours == compilers.theirs else {
      throw .otherCompiler(path: path, expected: compilers.ours, got: compilers.theirs)
    }
    guard String(cString: toolkit) == Toolkit.version else {
      throw .otherToolkit(path: path, expected: Toolkit.version, got: String(cString: toolkit))
    }
  }
}
